package dev.quittance.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what happens in another thread, but not for ever.
public final class Eventually {

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Eventually() {}

  /// Looks again until it is so.
  public static void await(BooleanSupplier wanted) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
