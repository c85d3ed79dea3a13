package dev.quittance.ingest.provider;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The payment providers that are understood.
@Singleton
public final class Providers {

  private final Map<String, Provider> byName;

  /// @throws IllegalStateException when two go by one name
  public Providers(@All List<Provider> providers) {
    byName =
        providers.stream()
            .collect(
                toMap(
                    Provider::name,
                    identity(),
                    (one, _) -> {
                      throw new IllegalStateException("two providers are named " + one.name());
                    },
                    TreeMap::new));
  }

  /// The provider of a name, if there is one.
  public Optional<Provider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// All names, in order.
  public Set<String> names() {
    return byName.keySet();
  }
}
