package dev.quittance.bench.load;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A fixed piece of work: when it takes longer than usual, the machine is busy with something else,
/// and what was measured beside it says little.
public final class Calibration {

  /// Rounds at whose two ends it differs by more than this don't count.
  public static final double DIFFERENCE_MAX = 0.15;

  /// Some 40 ms on a core of today.
  private static final int REPEATS = 6_000;

  private static final int BYTES = 3_000;

  private final byte[] data = new byte[BYTES];

  /// How long the work takes now, in nanoseconds.
  public long nanos() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      long start = System.nanoTime();
      for (int i = 0; i < REPEATS; i++) {
        digest.update(data);
      }
      data[0] = digest.digest()[0]; // so that nobody can leave the work out
      return System.nanoTime() - start;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether two of them are alike enough.
  public static boolean steady(long before, long after) {
    return Math.abs(after - before) <= DIFFERENCE_MAX * Math.min(before, after);
  }
}
