package dev.quittance.fulfillment.crash;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Ends the process when it comes by a point: at once, with no farewell and nothing flushed, as
/// SIGKILL does.
final class Death {

  /// As a shell reports a process that SIGKILL ended.
  static final int EXIT = 137;

  private final @Nullable CrashPoint at;
  private final AtomicInteger left;

  private Death(@Nullable CrashPoint at, int times) {
    this.at = at;
    this.left = new AtomicInteger(times);
  }

  static Death never() {
    return new Death(null, 0);
  }

  /// @param times how often the point is passed before it is the end
  static Death at(CrashPoint point, int times) {
    return new Death(point, times);
  }

  void passing(CrashPoint point) {
    if (comesAt(point)) {
      now();
    }
  }

  /// Whether this is where and when it comes.
  boolean comesAt(CrashPoint point) {
    return point == at && left.getAndDecrement() == 0;
  }

  static void now() {
    Runtime.getRuntime().halt(EXIT);
  }
}
