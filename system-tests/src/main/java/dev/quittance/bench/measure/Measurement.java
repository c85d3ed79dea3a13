package dev.quittance.bench.measure;

/// One thing to find out.
public interface Measurement {

  /// What `--only` calls it.
  String name();

  /// What it measures, in a few words.
  String what();

  /// Measures, and tells the run what came out.
  ///
  /// @throws Exception when it could not be measured
  void measure(Run run) throws Exception;
}
