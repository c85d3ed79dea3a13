package dev.quittance.ingest.publish;

import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Why;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells those who have waited long enough that nobody knows. Of those who wait equally long
/// whoever came first is due first, and one look through their queue now and then does for
/// everybody: a timer for each would wake a thread for each, once to set it and once to forget it.
final class PublishTimeouts implements AutoCloseable {

  /// How late an answer may be. What is answered in the meantime is forgotten no sooner either: a
  /// thousand small objects at full load.
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /// By how long they wait, which is a setting of endpoints: there are few.
  private final Map<Duration, Queue<Waiting>> waiting = new ConcurrentHashMap<>();

  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("verbatim-timeouts").factory());

  /// Holds no body: whoever waits in front may keep those behind in the queue for a while.
  private record Waiting(CompletableFuture<Publication> outcome, long since) {}

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
  /// @param most how long at most
  void waits(CompletableFuture<Publication> outcome, long now, Duration most) {
    waiting
        .computeIfAbsent(most, _ -> new ConcurrentLinkedQueue<>())
        .add(new Waiting(outcome, now));
  }

  /// Forgets those in front who have their answer, or gives it. For one thread at a time.
  void look(long now) {
    waiting.forEach((most, equally) -> look(equally, most.minus(LOOK_EVERY).toNanos(), now));
  }

  private static void look(Queue<Waiting> equally, long nanosMax, long now) {
    for (Waiting first = equally.peek(); first != null; first = equally.peek()) {
      if (!first.outcome.isDone() && now - first.since < nanosMax) {
        return;
      }
      equally.remove();
      first.outcome.complete(new NotSafe(Why.NO_ACK));
    }
  }

  /// Nobody waits any longer.
  @Override
  public void close() {
    looking.shutdownNow();
    for (Queue<Waiting> equally : waiting.values()) {
      for (Waiting one = equally.poll(); one != null; one = equally.poll()) {
        one.outcome.complete(new NotSafe(Why.NO_ACK));
      }
    }
  }
}
