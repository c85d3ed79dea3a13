package dev.quittance.ingest.replay;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.translate.Retranslation;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Replays, one at a time. One that a stop of the service cuts off is not taken up again: it is
/// asked for anew, and what was replayed already changes nothing.
@Singleton
final class ReplayWebhooks {

  private static final Logger LOG = Logger.getLogger(ReplayWebhooks.class);

  private final Map<String, Object> client;
  private final Endpoints endpoints;
  private final Retranslation retranslation;
  private final int perSecond;

  /// Written by whoever begins a replay, and then by the replay alone.
  private volatile Replay state = Replay.NONE;

  private volatile @Nullable Thread worker;

  /// Guards the next: whether the worker may be interrupted. Not while its consumer closes, which
  /// would take it for an error of its own, and log it as one.
  private final Object interruption = new Object();

  private boolean interruptible;

  ReplayWebhooks(
      @Identifier("default-kafka-broker") Map<String, Object> client,
      Endpoints endpoints,
      Retranslation retranslation,
      ReplaySettings settings) {
    this.client = Map.copyOf(client);
    this.endpoints = endpoints;
    this.retranslation = retranslation;
    this.perSecond = settings.checkedPerSecond();
  }

  /// How far the replay is that runs, or that ran last.
  Replay state() {
    return state;
  }

  /// Begins, unless one runs.
  ///
  /// @param by who asks, for the log
  /// @return whether it begins
  synchronized boolean begin(ReplayRange range, String by) {
    Thread last = worker;
    if (state.running() && last != null && last.isAlive()) {
      return false;
    }
    LOG.infof(
        "replay.asked from=%s to=%s endpoint=%s event=%s by=%s",
        range.from(), range.to(), range.endpoint(), range.event(), by);
    state = Replay.of(range);
    synchronized (interruption) {
      interruptible = true;
    }
    worker = Thread.ofVirtual().name("replay").start(() -> run(range));
    return true;
  }

  /// Ends the replay that runs; what it has published stays.
  ///
  /// @param by who asks, for the log
  void cancel(String by) throws InterruptedException {
    LOG.infof("replay.cancel_asked by=%s", by);
    cancel();
  }

  private synchronized void cancel() throws InterruptedException {
    Thread running = worker;
    if (running != null) {
      synchronized (interruption) {
        if (interruptible) {
          running.interrupt();
        }
      }
      running.join();
    }
  }

  private void run(ReplayRange range) {
    try {
      again(range);
      end("done", null);
    } catch (InterruptedException _) {
      end("canceled", null);
    } catch (TopicRangeReader.NoAnswer e) {
      end("failed", "The brokers don't answer (" + e.getMessage() + ").");
    } catch (RuntimeException | Error e) { // or else it would run for ever, and no other
      LOG.error("replay.failed", e);
      end("failed", "A defect; the log says which.");
    }
  }

  private void again(ReplayRange range) throws InterruptedException {
    List<String> names = endpoints.all().stream().map(Endpoint::name).toList();
    try (var topic = new TopicRangeReader(client, range, names)) {
      try {
        again(topic);
      } finally {
        synchronized (interruption) {
          interruptible = false;
          // an interruption has done its work by now
          var _ = Thread.interrupted();
        }
      }
    }
  }

  private void again(TopicRangeReader topic) throws InterruptedException {
    state = state.outOf(topic.total());
    while (!topic.ended()) {
      TopicRangeReader.Part part = topic.next();
      int matching = part.matching().size();
      long began = System.nanoTime();
      state = state.after(part.read(), matching, retranslation.again(part.matching()));
      pace(matching, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /// What is live goes first: a replay takes no more than its share of a second.
  private void pace(int replayed, Duration took) throws InterruptedException {
    Duration share = Duration.ofNanos(replayed * 1_000_000_000L / perSecond);
    if (share.compareTo(took) > 0) {
      Thread.sleep(share.minus(took));
    }
  }

  /// The last that a replay does: from here on the next one may begin.
  private void end(String how, @Nullable String why) {
    Replay ended = state.ended(how, why);
    LOG.infof("replay.%s read=%d replayed=%d fault=%s", how, ended.read(), ended.replayed(), why);
    state = ended;
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    cancel();
  }
}
