package dev.quittance.chaos.fault;

import java.time.Duration;
import java.util.List;

/// One thing that will be broken.
///
/// @param pause how long after the one before it
/// @param lasts how long it stays broken, before anything is done to repair it
/// @param dice a number of its own for whatever else has to be decided about it
public record Fault(Kind kind, List<Part> parts, Duration pause, Duration lasts, long dice) {

  public Fault {
    parts = List.copyOf(parts);
  }

  /// What it is, in a table: `kill broker`; several at once are one row.
  public String label() {
    return kind.reach() == Kind.Reach.ONE
        ? kind.label() + " " + parts.getFirst().label()
        : kind.label();
  }
}
