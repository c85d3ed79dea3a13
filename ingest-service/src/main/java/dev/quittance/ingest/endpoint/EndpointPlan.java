package dev.quittance.ingest.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Makes an endpoint of what was given, or says in sentences why not.
final class EndpointPlan {

  /// A name stands in URLs, topic keys and metrics, and 64 characters are the order id's share.
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

  /// An account starts an order's id up to its first colon.
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,63})");

  /// Each costs every forged delivery one hash; a rotation needs two.
  static final int SECRETS_MAX = 8;

  private final EndpointRules rules;
  private final Consumer<String> complaints;

  EndpointPlan(EndpointRules rules, Consumer<String> complaints) {
    this.rules = rules;
    this.complaints = complaints;
  }

  Optional<Endpoint> endpoint(GivenEndpoint given) {
    if (!NAME.matcher(given.name()).matches()) {
      complaints.accept(
          "The endpoint name \""
              + given.name()
              + "\" is no good: use 1 to 64 lower-case letters, digits and hyphens in "
              + given.key());
      return Optional.empty();
    }
    Optional<String> provider = provider(given);
    Optional<String> account = account(given);
    Optional<List<SigningSecret>> secrets = secrets(given);
    Optional<Endpoint.Mode> mode =
        choice(given, GivenEndpoint.MODE, Endpoint.Mode.values(), Endpoint.Mode.LIVE);
    Optional<Endpoint.OrdersFrom> ordersFrom =
        choice(
            given,
            GivenEndpoint.ORDERS_FROM,
            Endpoint.OrdersFrom.values(),
            Endpoint.OrdersFrom.CHECKOUT);
    Optional<Endpoint.Reference> reference =
        choice(
            given, GivenEndpoint.REFERENCE, Endpoint.Reference.values(), Endpoint.Reference.FREE);
    if (provider.isEmpty()
        || account.isEmpty()
        || secrets.isEmpty()
        || mode.isEmpty()
        || ordersFrom.isEmpty()
        || reference.isEmpty()
        || !modeIsKnown(given, provider.get(), mode.get())) {
      return Optional.empty();
    }
    var settings = new HashMap<>(given.values());
    settings.keySet().removeAll(GivenEndpoint.SETTINGS);
    for (String setting : new TreeSet<>(settings.keySet())) {
      if (!rules.settings(provider.get()).contains(setting)) {
        complaints.accept(
            "The provider "
                + provider.get()
                + " has no setting "
                + setting
                + "; unset "
                + given.variable(setting));
        return Optional.empty();
      }
    }
    return accepted(
        given,
        new Endpoint(
            given.name(),
            provider.get(),
            account.get(),
            secrets.get(),
            mode.get(),
            ordersFrom.get(),
            reference.get(),
            settings));
  }

  /// The same endpoint with the secrets that its file holds now.
  Optional<Endpoint> withSecrets(GivenEndpoint given, Endpoint endpoint, String text) {
    return counted(given, SecretsFile.secrets(text))
        .flatMap(secrets ->
            accepted(
                given,
                new Endpoint(
                    endpoint.name(),
                    endpoint.provider(),
                    endpoint.account(),
                    secrets,
                    endpoint.mode(),
                    endpoint.ordersFrom(),
                    endpoint.reference(),
                    endpoint.settings())));
  }

  private Optional<Endpoint> accepted(GivenEndpoint given, Endpoint endpoint) {
    Optional<String> complaint = rules.complaint(endpoint);
    complaint.ifPresent(sentence -> complaints.accept("In " + given.key() + ", " + sentence));
    return complaint.isPresent() ? Optional.empty() : Optional.of(endpoint);
  }

  private Optional<String> provider(GivenEndpoint given) {
    // an endpoint that is named like a provider says enough
    String provider = given.value(GivenEndpoint.PROVIDER).orElse(given.name());
    if (rules.providers().contains(provider)) {
      return Optional.of(provider);
    }
    complaints.accept(
        "The endpoint "
            + given.name()
            + " has no provider that is known here; set "
            + given.variable(GivenEndpoint.PROVIDER)
            + " to one of "
            + String.join(", ", rules.providers()));
    return Optional.empty();
  }

  /// Where no event says whether it is live, somebody has to: a default would ship goods for test
  /// payments.
  private boolean modeIsKnown(GivenEndpoint given, String provider, Endpoint.Mode mode) {
    if (rules.tellsMode(provider)
        || (given.value(GivenEndpoint.MODE).isPresent() && mode != Endpoint.Mode.ANY)) {
      return true;
    }
    complaints.accept(
        "The provider "
            + provider
            + " doesn't say whether an event is live; set "
            + given.variable(GivenEndpoint.MODE)
            + " to live or test");
    return false;
  }

  private Optional<String> account(GivenEndpoint given) {
    String account = given.value(GivenEndpoint.ACCOUNT).orElse(given.name());
    if (ACCOUNT.matcher(account).matches()) {
      return Optional.of(account);
    }
    complaints.accept(
        "The account of the endpoint "
            + given.name()
            + " is no good; set "
            + given.variable(GivenEndpoint.ACCOUNT)
            + " to 1 to 64 letters, digits, hyphens and underscores");
    return Optional.empty();
  }

  private Optional<List<SigningSecret>> secrets(GivenEndpoint given) {
    Optional<String> listed = given.value(GivenEndpoint.SECRETS);
    Optional<String> file = given.value(GivenEndpoint.SECRETS_FILE);
    if (listed.isPresent() && file.isPresent()) {
      complaints.accept(
          "Only one of "
              + given.variable(GivenEndpoint.SECRETS)
              + " and "
              + given.variable(GivenEndpoint.SECRETS_FILE)
              + " can count; unset the other");
      return Optional.empty();
    }
    if (file.isEmpty()) {
      return counted(given, SecretsFile.secrets(listed.orElse("")));
    }
    try {
      return counted(given, SecretsFile.secrets(new SecretsFile(Path.of(file.get())).read()));
    } catch (IOException | IllegalArgumentException e) {
      complaints.accept(
          "The file that "
              + given.variable(GivenEndpoint.SECRETS_FILE)
              + " names can't be read; set it to a readable file of at most "
              + SecretsFile.BYTES_MAX
              + " bytes");
      return Optional.empty();
    }
  }

  private Optional<List<SigningSecret>> counted(GivenEndpoint given, List<SigningSecret> secrets) {
    if (!secrets.isEmpty() && secrets.size() <= SECRETS_MAX) {
      return Optional.of(secrets);
    }
    complaints.accept(
        "The endpoint "
            + given.name()
            + (secrets.isEmpty() ? " has no signing secret" : " has too many signing secrets")
            + "; set "
            + given.variable(GivenEndpoint.SECRETS)
            + " to 1 to "
            + SECRETS_MAX
            + " of them, separated by commas, or "
            + given.variable(GivenEndpoint.SECRETS_FILE)
            + " to a file that holds them");
    return Optional.empty();
  }

  private <T extends Enum<T>> Optional<T> choice(
      GivenEndpoint given, String setting, T[] choices, T otherwise) {
    String text = given.value(setting).orElse(word(otherwise));
    Optional<T> chosen =
        Arrays.stream(choices).filter(choice -> word(choice).equals(text)).findFirst();
    if (chosen.isEmpty()) {
      complaints.accept(
          given.variable(setting)
              + " has an unknown value; set it to one of "
              + String.join(", ", Arrays.stream(choices).map(EndpointPlan::word).toList()));
    }
    return chosen;
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
