package dev.quittance.bench.figure;

import java.util.Locale;

/// What a figure is to be.
///
/// @param unit as the figure's; empty for ratios
public record Goal(Kind kind, double limit, String unit) {

  /// On which side of the limit it is well.
  public enum Kind {
    AT_LEAST("≥"),
    AT_MOST("≤"),
    BELOW("<");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }

  public static Goal atLeast(double limit, String unit) {
    return new Goal(Kind.AT_LEAST, limit, unit);
  }

  public static Goal atMost(double limit, String unit) {
    return new Goal(Kind.AT_MOST, limit, unit);
  }

  public static Goal below(double limit, String unit) {
    return new Goal(Kind.BELOW, limit, unit);
  }

  public boolean metBy(double value) {
    return switch (kind) {
      case AT_LEAST -> value >= limit;
      case AT_MOST -> value <= limit;
      case BELOW -> value < limit;
    };
  }

  @Override
  public String toString() {
    return kind.sign + " " + Numbers.shown(limit) + (unit.isEmpty() ? "" : " " + unit);
  }

  /// For JSON: `at_least`, `at_most` or `below`.
  String word() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
