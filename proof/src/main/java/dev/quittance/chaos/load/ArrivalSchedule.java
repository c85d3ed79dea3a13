package dev.quittance.chaos.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// New customers at a steady pace, whatever becomes of those before: a system that stalls finds
/// them all waiting.
public final class ArrivalSchedule implements AutoCloseable {

  private final Customers customers;
  private final Provider provider;
  private final long pauseNs;
  private final Thread thread;
  private volatile boolean over;
  private volatile long orders;

  /// @param perSecond how many orders a second
  public ArrivalSchedule(Customers customers, Provider provider, double perSecond) {
    this.customers = customers;
    this.provider = provider;
    this.pauseNs = (long) (Duration.ofSeconds(1).toNanos() / perSecond);
    this.thread = Thread.ofPlatform().name("rush").start(this::run);
  }

  /// How many orders were begun.
  public long orders() {
    return orders;
  }

  private void run() {
    long next = System.nanoTime();
    for (long n = 1; !over; n++) {
      provider.tell(customers.next());
      orders = n;
      next += pauseNs;
      long wait = next - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
    }
  }

  /// No more customers. What those before still have to tell goes on.
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
