package dev.quittance.ingest.provider;

import static java.util.Comparator.comparing;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.EndpointRules;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The payment providers that are understood.
@Singleton
public final class Providers implements EndpointRules {

  private final Map<String, Provider> byName;

  /// @throws IllegalStateException when two go by one name
  public Providers(@All List<Provider> providers) {
    byName =
        providers.stream()
            .sorted(comparing(Provider::name))
            .collect(
                toMap(
                    Provider::name,
                    identity(),
                    (one, _) -> {
                      throw new IllegalStateException("two providers are named " + one.name());
                    },
                    LinkedHashMap::new));
  }

  /// The provider of a name, if there is one.
  public Optional<Provider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// All names, in order.
  @Override
  public Set<String> providers() {
    return byName.keySet();
  }

  @Override
  public Set<String> settings(String provider) {
    return named(provider).map(Provider::settings).orElse(Set.of());
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    return named(endpoint.provider()).flatMap(provider -> provider.complaint(endpoint));
  }
}
