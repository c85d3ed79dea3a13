package dev.quittance.inboxoutbox;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing pauses between attempts: 100 ms, 200 ms, 400 ms … up to 5 s, each shortened by up to
/// half so that instances which failed together don't return together.
public record Backoff(Pause pause, RandomGenerator random) {

  /// Short enough that a restarted database isn't noticed by anybody.
  static final long FIRST_MS = 100;

  /// Long enough to leave a struggling database alone, short enough that recovery is prompt.
  static final long MOST_MS = 5_000;

  /// Waits before the next attempt.
  ///
  /// @param attempt how many have failed, from 1
  void before(int attempt) throws InterruptedException {
    long full = Math.min(MOST_MS, FIRST_MS << Math.min(attempt - 1, 16));
    pause.sleep(Duration.ofMillis(full - random.nextLong(full / 2)));
  }
}
