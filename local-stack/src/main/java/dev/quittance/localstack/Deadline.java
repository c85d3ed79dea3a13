package dev.quittance.localstack;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A moment by which something has to be so. Measured by the JVM's own stopwatch, which no clock
/// adjustment moves.
public final class Deadline {

  /// Short enough not to be felt, long enough not to keep a core busy.
  private static final long POLL_MS = 25;

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  public boolean passed() {
    return System.nanoTime() - end >= 0;
  }

  /// Asks again and again until the answer is yes.
  ///
  /// @param late called once when the time is up; it is expected to throw
  public void await(BooleanSupplier question, Runnable late) {
    if (!meets(question)) {
      late.run();
      throw new StackFault("Waited in vain");
    }
  }

  /// Asks again and again until the answer is yes, or the time is up.
  ///
  /// @return whether the answer was yes in time
  public boolean meets(BooleanSupplier question) {
    while (!question.getAsBoolean()) {
      if (passed()) {
        return false;
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackFault("Interrupted while waiting", e);
      }
    }
    return true;
  }
}
