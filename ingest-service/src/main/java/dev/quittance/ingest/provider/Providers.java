package dev.quittance.ingest.provider;

import static java.util.Comparator.comparing;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.EndpointRules;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The payment providers that are understood.
@Singleton
public final class Providers implements EndpointRules {

  /// How long whoever delivers waits for the answer, in milliseconds; endpoints of every provider
  /// may set it.
  static final String PATIENCE_MS = "patience-ms";

  /// Brokers that are well acknowledge within milliseconds, and a new leader takes a second: with
  /// less, every election would be a 503.
  private static final int PATIENCE_MS_MIN = 1_000;

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

  /// An endpoint's own.
  ///
  /// @throws IllegalStateException when there is none, which no configured endpoint's is
  public Provider of(Endpoint endpoint) {
    return named(endpoint.provider())
        .orElseThrow(() -> new IllegalStateException("configured without its provider"));
  }

  /// All names, in order.
  @Override
  public Set<String> providers() {
    return byName.keySet();
  }

  /// How long whoever delivers to an endpoint waits for the answer.
  public Duration patience(Endpoint endpoint) {
    String set = endpoint.settings().get(PATIENCE_MS);
    return set == null ? of(endpoint).patience() : Duration.ofMillis(Integer.parseInt(set));
  }

  @Override
  public Set<String> settings(String provider) {
    return named(provider)
        .map(known ->
            Stream.concat(known.settings().stream(), Stream.of(PATIENCE_MS))
                .collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  @Override
  public boolean tellsMode(String provider) {
    return named(provider).map(Provider::tellsMode).orElse(true);
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    return patienceComplaint(endpoint)
        .or(() -> named(endpoint.provider()).flatMap(provider -> provider.complaint(endpoint)));
  }

  private static Optional<String> patienceComplaint(Endpoint endpoint) {
    String set = endpoint.settings().get(PATIENCE_MS);
    // a leading zero would do, and a sign or a blank wouldn't
    boolean sensible =
        set == null
            || (set.matches("[0-9]{1,9}")
                && Integer.parseInt(set) >= PATIENCE_MS_MIN
                && Integer.parseInt(set) <= Provider.PATIENCE_MAX.toMillis());
    return sensible
        ? Optional.empty()
        : Optional.of(
            "patience-ms is no whole number from "
                + PATIENCE_MS_MIN
                + " to "
                + Provider.PATIENCE_MAX.toMillis()
                + "; set one, or leave it out");
  }
}
