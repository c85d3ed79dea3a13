package dev.quittance.ingest.endpoint;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/// The webhook endpoints that are configured. Reading them is safe from any thread; their secrets
/// may change while the service runs, nothing else does.
@Startup
@Singleton
public final class Endpoints {

  private static final Logger LOG = Logger.getLogger(Endpoints.class);

  static final String PREFIX = "quittance.endpoints.";

  /// Endpoints for a developer's machine, with secrets that everybody knows. They count only where
  /// no endpoint is configured, so that nobody who configures one keeps an open one beside it.
  static final String LOCAL_PREFIX = "quittance.local-endpoints.";

  static final String LOCAL_DEFAULTS = "quittance.local-defaults";

  /// The secrets that this repository gives to the local endpoints.
  private static final Set<String> PUBLISHED =
      Set.of(
          "whsec_local_stripe", "local-paysuper-secret", "whsec_bG9jYWwtc3RhbmRhcmQtd2ViaG9va3M=");

  private final EndpointRules rules;
  private final Map<String, GivenEndpoint> given = new TreeMap<>();
  private final Map<String, String> fileTexts = new HashMap<>();
  private final boolean published;
  private volatile Map<String, Endpoint> byName;

  /// @throws ConfigurationException when something is missing or contradictory, with a sentence for
  ///   each fault that says what to set
  @Inject
  public Endpoints(Config config, EndpointRules rules) {
    this.rules = rules;
    var complaints = new ArrayList<String>();
    for (GivenEndpoint endpoint : given(config, rules, complaints)) {
      given.put(endpoint.name(), endpoint);
    }
    published = given.values().stream().allMatch(Endpoints::isPublished);
    byName = endpoints(complaints);
    complaints.addAll(sharedAccounts(byName.values()));
    if (given.isEmpty() && complaints.isEmpty()) {
      complaints.add(
          "No webhook endpoint is configured; set "
              + GivenEndpoint.environmentName(PREFIX + "stripe.secrets")
              + " for an endpoint named stripe, or the like for another provider");
    }
    if (!complaints.isEmpty()) {
      throw new ConfigurationException(String.join(". ", complaints) + ".");
    }
  }

  private static List<GivenEndpoint> given(
      Config config, EndpointRules rules, List<String> complaints) {
    var known = new TreeSet<>(GivenEndpoint.SETTINGS);
    rules.providers().forEach(provider -> known.addAll(rules.settings(provider)));
    List<GivenEndpoint> configured = GivenEndpoint.read(config, PREFIX, known, complaints);
    boolean localDefaults =
        config.getOptionalValue(LOCAL_DEFAULTS, Boolean.class).orElse(Boolean.FALSE);
    if (!configured.isEmpty() || !complaints.isEmpty() || !localDefaults) {
      return configured;
    }
    LOG.warnf(
        "endpoints.local no endpoint is configured, so the local ones with their published secrets"
            + " count; in production set %s=false",
        GivenEndpoint.environmentName(LOCAL_DEFAULTS));
    return GivenEndpoint.read(config, LOCAL_PREFIX, known, complaints);
  }

  /// A local endpoint with a secret of its owner's isn't local any more.
  private static boolean isPublished(GivenEndpoint endpoint) {
    return endpoint.key().startsWith(LOCAL_PREFIX)
        && endpoint.value(GivenEndpoint.SECRETS_FILE).isEmpty()
        && endpoint.value(GivenEndpoint.SECRETS).filter(PUBLISHED::contains).isPresent();
  }

  private Map<String, Endpoint> endpoints(List<String> complaints) {
    var plan = new EndpointPlan(rules, complaints::add);
    var endpoints = new TreeMap<String, Endpoint>();
    for (GivenEndpoint each : given.values()) {
      plan.endpoint(each).ifPresent(endpoint -> endpoints.put(each.name(), endpoint));
    }
    return Map.copyOf(endpoints);
  }

  /// Orders of two providers under one account could take each other's ids.
  private static List<String> sharedAccounts(Collection<Endpoint> endpoints) {
    var providers = new TreeMap<String, Set<String>>();
    for (Endpoint endpoint : endpoints) {
      providers.computeIfAbsent(endpoint.account(), _ -> new TreeSet<>()).add(endpoint.provider());
    }
    return providers.entrySet().stream()
        .filter(account -> account.getValue().size() > 1)
        .map(account ->
            "The account "
                + account.getKey()
                + " is shared by the providers "
                + String.join(" and ", account.getValue())
                + "; set another "
                + GivenEndpoint.environmentName(PREFIX)
                + "<NAME>_ACCOUNT for one of them")
        .toList();
  }

  /// The endpoint of a name, if there is one.
  public Optional<Endpoint> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// All endpoints.
  public Collection<Endpoint> all() {
    return byName.values();
  }

  /// Whether these are the local ones and no others, with the secrets that everybody knows.
  public boolean published() {
    return published;
  }

  /// Looks after mounted secrets, so that a rotation needs no restart.
  @Scheduled(every = "${quittance.secrets.reload-every}")
  void watchSecrets() {
    var _ = reloadSecrets();
  }

  /// Reads the secrets that stand in files anew. A file that can't be read, or that holds nothing
  /// sensible, changes nothing: the secrets known so far go on counting.
  ///
  /// @return the names of the endpoints whose secrets changed
  public synchronized Set<String> reloadSecrets() {
    var changed = new TreeSet<String>();
    for (GivenEndpoint each : given.values()) {
      each.value(GivenEndpoint.SECRETS_FILE)
          .flatMap(file -> changedText(each.name(), Path.of(file)))
          .flatMap(text -> renewed(each, text))
          .ifPresent(endpoint -> {
            var endpoints = new TreeMap<>(byName);
            endpoints.put(endpoint.name(), endpoint);
            byName = Map.copyOf(endpoints);
            changed.add(endpoint.name());
            LOG.infof(
                "secrets.reloaded endpoint=%s secrets=%d",
                endpoint.name(), endpoint.secrets().size());
          });
    }
    return changed;
  }

  private Optional<String> changedText(String name, Path file) {
    String text;
    try {
      text = new SecretsFile(file).read();
    } catch (IOException e) {
      text = "";
    }
    return text.equals(fileTexts.put(name, text)) ? Optional.empty() : Optional.of(text);
  }

  private Optional<Endpoint> renewed(GivenEndpoint each, String text) {
    Endpoint known = byName.get(each.name());
    if (known == null || SecretsFile.secrets(text).equals(known.secrets())) {
      return Optional.empty();
    }
    var plan =
        new EndpointPlan(
            rules,
            complaint ->
                LOG.warnf(
                    "secrets.kept endpoint=%s the secrets known so far go on counting: %s",
                    each.name(), complaint));
    return plan.withSecrets(each, known, text);
  }
}
