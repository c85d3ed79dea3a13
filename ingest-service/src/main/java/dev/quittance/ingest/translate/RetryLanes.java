package dev.quittance.ingest.translate;

import static java.util.stream.Collectors.toSet;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Providers;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One lane for each kind of question of each endpoint whose provider can be asked, and one for the
/// rest. Each endpoint's provider has one circuit.
@Singleton
final class RetryLanes {

  private final List<RetryLane> lanes = new ArrayList<>();

  @Inject
  RetryLanes(
      Endpoints endpoints, Providers providers, MeterRegistry registry, LookUpSettings settings) {
    this(
        endpoints.all().stream()
            .filter(endpoint -> canAsk(endpoint, providers))
            .map(Endpoint::name)
            .collect(toSet()),
        endpoint -> {
          var circuit = new CircuitBreaker(settings.pauseFirst(), settings.pauseMax());
          TranslationMetrics.ofLookUps(registry).circuit(endpoint, circuit);
          return circuit;
        });
  }

  /// @param asking the endpoints whose provider can be asked
  /// @param circuits makes one for an endpoint, or for [TranslationOutcome#NO_ENDPOINT]
  RetryLanes(Set<String> asking, Function<String, CircuitBreaker> circuits) {
    lanes.add(RetryLane.ofNobody(asking, circuits.apply(TranslationOutcome.NO_ENDPOINT)));
    for (String endpoint : asking) {
      CircuitBreaker circuit = circuits.apply(endpoint);
      for (LookUpKind kind : LookUpKind.values()) {
        lanes.add(RetryLane.of(endpoint, kind, circuit));
      }
    }
  }

  private static boolean canAsk(Endpoint endpoint, Providers providers) {
    return providers
        .named(endpoint.provider())
        .map(provider -> provider.apiAccess(endpoint) == Provider.ApiAccess.KEY)
        .orElse(false);
  }

  List<RetryLane> all() {
    return List.copyOf(lanes);
  }

  /// The lane of an endpoint's questions; empty where nobody asks.
  Optional<RetryLane> of(String endpoint, LookUpKind kind) {
    return lanes.stream()
        .filter(lane -> lane.endpoint().equals(endpoint) && lane.takes(endpoint, kind))
        .findFirst();
  }
}
