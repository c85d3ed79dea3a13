package dev.quittance.ingest.translate;

import static java.util.stream.Collectors.toSet;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Providers;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which providers can be asked, and the limits that all who ask share: each endpoint's provider
/// has one circuit, and so many slots for each kind of question.
@Singleton
final class ProviderLimits {

  private final Map<Lane, LookUpLimits> limits = new LinkedHashMap<>();

  @Inject
  ProviderLimits(
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
  /// @param circuits makes one for an endpoint, or for [Outcome#NO_ENDPOINT]
  ProviderLimits(Set<String> asking, Function<String, CircuitBreaker> circuits) {
    var ofNobody = new Lane.OfNobody(asking);
    limits.put(
        ofNobody, new LookUpLimits(circuits.apply(ofNobody.endpoint()), ofNobody.questionsMax()));
    for (String endpoint : asking) {
      CircuitBreaker circuit = circuits.apply(endpoint);
      for (LookUpKind kind : LookUpKind.values()) {
        limits.put(
            new Lane.OfEndpoint(endpoint, kind), new LookUpLimits(circuit, kind.questionsMax()));
      }
    }
  }

  private static boolean canAsk(Endpoint endpoint, Providers providers) {
    return providers
        .named(endpoint.provider())
        .map(provider -> provider.apiAccess(endpoint) == Provider.ApiAccess.KEY)
        .orElse(false);
  }

  /// One lane for each kind of each endpoint that asks, and one for the rest.
  Map<Lane, LookUpLimits> lanes() {
    return Collections.unmodifiableMap(limits);
  }

  /// Of a lane; null where nobody asks.
  @Nullable LookUpLimits of(Lane lane) {
    return limits.get(lane);
  }
}
