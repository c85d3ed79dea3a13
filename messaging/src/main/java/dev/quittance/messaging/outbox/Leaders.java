package dev.quittance.messaging.outbox;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Some leaders, each on a thread of its own.
final class Leaders implements AutoCloseable {

  /// A leader finishes the batch in hand; more than this it isn't waited for, because what it
  /// leaves is taken up by the next.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(8);

  private final List<Leader> leaders;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Leaders(List<Leader> leaders) {
    this.leaders = List.copyOf(leaders);
  }

  void start() {
    leaders.forEach(Leader::step);
    leaders.forEach(leader -> threads.add(Thread.ofVirtual().name(leader.name()).start(leader)));
  }

  /// Whether all are at work, or none should be.
  boolean alive() {
    long now = System.nanoTime();
    return closed
        || threads.isEmpty()
        || (threads.stream().allMatch(Thread::isAlive)
            && leaders.stream().noneMatch(leader -> leader.stuck(now)));
  }

  @Override
  public void close() {
    closed = true;
    leaders.forEach(Leader::stop);
    long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        threads.forEach(Thread::interrupt);
      }
    }
  }
}
