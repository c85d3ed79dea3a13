package dev.quittance.bench.figure;

import java.util.List;

/// One quantity, measured round after round.
///
/// @param name for example `ingest.64.rate`
/// @param unit of the values
public record Series(String name, String unit, List<Double> rounds) {

  public Series {
    rounds = List.copyOf(rounds);
  }

  public double median() {
    return Samples.median(rounds);
  }
}
