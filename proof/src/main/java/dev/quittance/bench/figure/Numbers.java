package dev.quittance.bench.figure;

import java.util.Locale;

/// Numbers for people: three digits that count, and thousands apart.
final class Numbers {

  private Numbers() {}

  static String shown(double value) {
    double size = Math.abs(value);
    String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
