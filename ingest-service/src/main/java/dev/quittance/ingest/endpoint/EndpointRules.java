package dev.quittance.ingest.endpoint;

import java.util.Optional;
import java.util.Set;

/// What the providers demand of an endpoint's configuration.
public interface EndpointRules {

  /// The names that an endpoint's provider may have.
  Set<String> providers();

  /// The settings that a provider understands besides those that all have, in kebab-case.
  Set<String> settings(String provider);

  /// Whether a provider says of its events whether they are live; else the endpoint's mode says it
  /// for all of them.
  default boolean tellsMode(String provider) {
    return true;
  }

  /// What the endpoint's provider finds wrong with it, as a sentence that says what to set.
  Optional<String> complaint(Endpoint endpoint);
}
