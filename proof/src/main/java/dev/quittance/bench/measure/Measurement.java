package dev.quittance.bench.measure;

import java.time.Duration;

/// One thing to find out.
public interface Measurement {

  /// What `--only` calls it.
  String name();

  /// What it measures, in a few words.
  String what();

  /// How long it may take before it is given up.
  default Duration timeMax(Run run) {
    // twice what the longest of them takes on two cores; or ten minutes of load and a million
    // orders
    return run.settings().large() ? Duration.ofMinutes(60) : Duration.ofMinutes(12);
  }

  /// Measures, and tells the run what came out.
  ///
  /// @throws Exception when it could not be measured
  void measure(Run run) throws Exception;
}
