package dev.quittance.ingest.recovery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one sweep over the endpoints found.
///
/// @param state `none`, `running`, `done` or `failed`
record Sweep(String state, List<OfEndpoint> endpoints) {

  Sweep {
    endpoints = List.copyOf(endpoints);
  }

  /// What it found at one endpoint's provider.
  ///
  /// @param found how many events the provider couldn't deliver
  /// @param recovered how many of them are safe on the verbatim topic
  /// @param oldestAgeSeconds how long ago the oldest of them happened
  /// @param fault why it ended early, when it did
  record OfEndpoint(
      String endpoint, long found, long recovered, long oldestAgeSeconds, @Nullable String fault) {}
}
