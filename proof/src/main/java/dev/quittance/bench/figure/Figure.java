package dev.quittance.bench.figure;

import java.util.Optional;

/// What came out, and what was to come out.
///
/// @param name short and lasting: later runs are compared by it
/// @param what in words
/// @param unit of the value; empty for ratios
/// @param goal empty where nothing was promised
/// @param remark how it came about; may be empty
public record Figure(
    String name, String what, double value, String unit, Optional<Goal> goal, String remark) {

  /// Whether the goal is reached; yes where there is none.
  public boolean met() {
    return goal.map(wanted -> wanted.metBy(value)).orElse(true);
  }

  /// One line: what, how much, and how much was wanted.
  public String line() {
    return what + ": " + shown() + goal.map(wanted -> ", wanted " + wanted).orElse("");
  }

  String shown() {
    return Numbers.shown(value) + (unit.isEmpty() ? "" : " " + unit);
  }

  String verdict() {
    return goal.map(wanted -> wanted.metBy(value) ? "met" : "MISSED").orElse("");
  }
}
