package dev.quittance.messaging;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Growing pauses between attempts: 100 ms, 200 ms, 400 ms … up to 5 s, each shortened by up to
/// half so that instances which failed together don't return together.
public record Backoff(Pause pause, RandomGenerator random) {

  /// Short enough that a restarted database isn't noticed by anybody.
  public static final Duration FIRST = Duration.ofMillis(100);

  /// Long enough to leave a struggling database alone, short enough that recovery is prompt.
  public static final Duration MOST = Duration.ofSeconds(5);

  /// More would overflow, and no pause of ours grows on for so long.
  private static final int DOUBLINGS_MAX = 30;

  /// One that really waits. Safe for several threads.
  public static Backoff real() {
    return new Backoff(Pause.REAL, () -> ThreadLocalRandom.current().nextLong());
  }

  /// Waits before the next attempt.
  ///
  /// @param failures how many attempts have failed, from 1
  public void before(int failures) throws InterruptedException {
    long full = doubled(FIRST, MOST, failures - 1).toMillis();
    pause.sleep(Duration.ofMillis(full - random.nextLong(full / 2)));
  }

  /// A pause that was doubled so often, up to the longest.
  public static Duration doubled(Duration first, Duration most, int times) {
    Duration doubled = first.multipliedBy(1L << Math.clamp(times, 0, DOUBLINGS_MAX));
    return doubled.compareTo(most) > 0 ? most : doubled;
  }
}
