package dev.quittance.ingest.replay;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.translate.Retranslation;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Replays, one at a time. One that a stop of the service cuts off is not taken up again: it is
/// asked for anew, and what was replayed already changes nothing.
@Singleton
final class Replays {

  private static final Logger LOG = Logger.getLogger(Replays.class);

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

  Replays(
      @Identifier("default-kafka-broker") Map<String, Object> client,
      Endpoints endpoints,
      Retranslation retranslation,
      @ConfigProperty(name = "quittance.replay.per-second", defaultValue = "500") int perSecond) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("quittance.replay.per-second is a number from 1");
    }
    this.client = Map.copyOf(new HashMap<>(client));
    this.endpoints = endpoints;
    this.retranslation = retranslation;
    this.perSecond = perSecond;
  }

  /// How far the replay is that runs, or that ran last.
  Replay state() {
    return state;
  }

  /// Begins, unless one runs.
  ///
  /// @param by who asks, for the log
  /// @return whether it begins
  synchronized boolean begin(Stretch stretch, String by) {
    Thread last = worker;
    if (state.running() && last != null && last.isAlive()) {
      return false;
    }
    LOG.infof(
        "replay.asked from=%s to=%s endpoint=%s event=%s by=%s",
        stretch.from(), stretch.to(), stretch.endpoint(), stretch.event(), by);
    state = Replay.of(stretch);
    synchronized (interruption) {
      interruptible = true;
    }
    worker = Thread.ofVirtual().name("replay").start(() -> run(stretch));
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

  private void run(Stretch stretch) {
    try {
      again(stretch);
      end("done", null);
    } catch (InterruptedException | InterruptException _) {
      end("canceled", null);
    } catch (KafkaException e) {
      end("failed", "The brokers don't answer (" + e.getClass().getSimpleName() + ").");
    } catch (RuntimeException | Error e) { // or else it would run for ever, and no other
      LOG.error("replay.failed", e);
      end("failed", "A defect; the log says which.");
    }
  }

  private void again(Stretch stretch) throws InterruptedException {
    try (var topic =
        new VerbatimStretch(
            client, stretch, endpoints.all().stream().map(Endpoint::name).toList())) {
      try {
        again(topic);
      } finally {
        synchronized (interruption) {
          interruptible = false;
          // what has come has been heard
          var _ = Thread.interrupted();
        }
      }
    }
  }

  private void again(VerbatimStretch topic) throws InterruptedException {
    state = state.outOf(topic.total());
    while (!topic.ended()) {
      VerbatimStretch.Part part = topic.next();
      long began = System.nanoTime();
      Retranslation.Counts became = retranslation.again(part.meant());
      state = state.after(part.read(), part.meant().size(), became);
      pace(part.meant().size(), Duration.ofNanos(System.nanoTime() - began));
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
