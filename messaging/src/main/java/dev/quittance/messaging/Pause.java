package dev.quittance.messaging;

import java.time.Duration;

/// Waits. Handed in, so that tests need not.
@FunctionalInterface
public interface Pause {

  /// The real one.
  Pause REAL = Thread::sleep;

  /// Waits so long.
  void sleep(Duration duration) throws InterruptedException;
}
