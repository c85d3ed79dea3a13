package dev.quittance.ingest.publish;

import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Why;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells those who have waited long enough that nobody knows. All wait equally long, so whoever
/// came first is due first, and one look through the queue now and then does for everybody: a timer
/// for each would wake a thread for each, once to set it and once to forget it.
final class Patience implements AutoCloseable {

  /// How late an answer may be. What is answered in the meantime is forgotten no sooner either: a
  /// thousand small objects at full load.
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final long nanosMax;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("verbatim-patience").factory());

  /// Holds no body: whoever waits in front may keep those behind in the queue for a while.
  private record Waiting(CompletableFuture<Publication> outcome, long since) {}

  /// @param most of any wait
  Patience(Duration most) {
    nanosMax = most.minus(LOOK_EVERY).toNanos();
  }

  /// Begins to look after those who wait.
  void start() {
    var _ =
        looking.scheduleWithFixedDelay(
            () -> look(System.nanoTime()),
            LOOK_EVERY.toMillis(),
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /// @param now of [System#nanoTime]
  void waits(CompletableFuture<Publication> outcome, long now) {
    waiting.add(new Waiting(outcome, now));
  }

  /// Forgets those in front who have their answer, or gives it. For one thread at a time.
  void look(long now) {
    for (Waiting first = waiting.peek(); first != null; first = waiting.peek()) {
      if (!first.outcome.isDone() && now - first.since < nanosMax) {
        return;
      }
      waiting.remove();
      first.outcome.complete(new NotSafe(Why.NO_ACK));
    }
  }

  /// Nobody waits any longer.
  @Override
  public void close() {
    looking.shutdownNow();
    for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
      one.outcome.complete(new NotSafe(Why.NO_ACK));
    }
  }
}
