package dev.quittance.bench.figure;

import java.util.Arrays;
import java.util.List;

/// Sums up what was measured several times.
public final class Samples {

  private Samples() {}

  /// The value in the middle; of an even number the mean of the two in the middle.
  ///
  /// @throws IllegalArgumentException when there are none
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// The smallest value that is not exceeded by the given share of all (nearest rank).
  ///
  /// @param sorted ascending
  /// @param share above 0, at most 1
  /// @throws IllegalArgumentException when there are no values, or no such share
  public static long percentile(long[] sorted, double share) {
    if (sorted.length == 0 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share " + share + " of " + sorted.length + " values");
    }
    // without the rounding 0.07 of 100 would be the 8th, as 0.07 * 100 is a little more than 7
    int rank = (int) Math.ceil(Math.round(share * sorted.length * 1e6) / 1e6);
    return sorted[Math.max(1, rank) - 1];
  }

  /// The same of nanoseconds in any order, in milliseconds.
  public static double percentileMs(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return percentile(sorted, share) / 1e6;
  }

  /// How many times the reference's median the other's is.
  public static double ratio(List<Double> values, List<Double> reference) {
    return median(values) / median(reference);
  }
}
