package dev.quittance.receipts;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what must come, and not longer than it may take.
public final class Eventually {

  /// Long, for machines that are busy with much else; only a failure takes it.
  private static final Duration MOST = Duration.ofMinutes(2);

  private Eventually() {}

  public static void holds(String what, BooleanSupplier condition) {
    holds(what, MOST, condition);
  }

  public static void holds(String what, Duration most, BooleanSupplier condition) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it never came to this: " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
