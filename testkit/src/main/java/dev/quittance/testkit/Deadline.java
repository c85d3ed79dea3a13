package dev.quittance.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

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
    return last(question::getAsBoolean, answer -> answer);
  }

  /// Asks again and again until the answer is enough, or the time is up.
  ///
  /// @return the last answer
  public <T> T last(Supplier<T> question, Predicate<T> enough) {
    T answer = question.get();
    while (!enough.test(answer) && !passed()) {
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackFault("Interrupted while waiting", e);
      }
      answer = question.get();
    }
    return answer;
  }
}
