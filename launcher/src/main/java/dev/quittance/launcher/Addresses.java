package dev.quittance.launcher;

import dev.quittance.testkit.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where the services are, and who asks: where `./quittance up` started them, unless said
/// otherwise. Tokens come from files and the environment alone, as everybody on a machine sees a
/// program's options.
final class Addresses {

  private static final String ADMIN_TOKEN = "QUITTANCE_ADMIN_TOKEN";

  /// A variable of this ending names the file that holds what the variable itself would.
  private static final String OF_FILE = "_FILE";

  /// What a header takes, and no line's end.
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_URL}",
      description =
          "Where an installation answers for all its services; QUITTANCE_URL; otherwise that of"
              + " ./quittance up. Services that are elsewhere have options of their own.")
  private @Nullable URI all;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:QUITTANCE_TOKEN_FILE}",
      description =
          "A file with the token to show to every service; QUITTANCE_TOKEN_FILE; otherwise"
              + " QUITTANCE_OPERATOR_TOKEN and QUITTANCE_ADMIN_TOKEN, or …_FILE of them.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ingest-url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_INGEST_URL}",
      description = "Where webhooks go; QUITTANCE_INGEST_URL; otherwise that of ./quittance up.")
  private @Nullable URI ingest;

  @Option(
      names = "--fulfillment-url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_FULFILLMENT_URL}",
      description =
          "Where the orders are; QUITTANCE_FULFILLMENT_URL; otherwise those of ./quittance up.")
  private @Nullable URI fulfillment;

  @Option(
      names = "--receipts-url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_RECEIPTS_URL}",
      description =
          "Where the receipts are; QUITTANCE_RECEIPTS_URL; otherwise those of ./quittance up.")
  private @Nullable URI receipts;

  @Option(
      names = "--sandbox-url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_SANDBOX_URL}",
      description =
          "Where the sandbox is; QUITTANCE_SANDBOX_URL; otherwise that of ./quittance up.")
  private @Nullable URI sandbox;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /// The root of what a service answers.
  URI of(Service service) {
    @Nullable URI given = given(service);
    if (given == null) {
      return PortOffset.ports(Repository.home()).url(service);
    }
    if (given.getHost() == null
        || !("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
      throw misused("An address is like https://payments.example.com, and not " + given + ".");
    }
    return given;
  }

  private @Nullable URI given(Service service) {
    return switch (service) {
      case INGEST -> ingest == null ? all : ingest;
      case FULFILLMENT -> fulfillment == null ? all : fulfillment;
      case RECEIPTS -> receipts == null ? all : receipts;
      case SANDBOX -> sandbox;
    };
  }

  /// What is below a service's root.
  ///
  /// @param path begins with a slash; its parts are escaped
  URI of(Service service, String path) {
    String root = of(service).toString();
    return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
  }

  /// What to show a service that asks for something: nobody else gets to see a token.
  Optional<String> token(Service service) {
    return token(service, System.getenv()).or(() -> local(service));
  }

  /// What to show a service for what only administrators may; the usual token where no other is
  /// set.
  Optional<String> adminToken(Service service) {
    return adminToken(service, System.getenv()).or(() -> local(service));
  }

  /// That of the stack on this machine, and to nobody else.
  private Optional<String> local(Service service) {
    boolean asked = ADMIN_TOKEN.equals(tokenVariable(service).orElse(""));
    return asked && given(service) == null ? LocalToken.of(Repository.home()) : Optional.empty();
  }

  Optional<String> token(Service service, Map<String, String> environment) {
    return tokenVariable(service)
        .flatMap(usual ->
            tokenFile == null ? held(usual, environment) : Optional.of(content(tokenFile)));
  }

  Optional<String> adminToken(Service service, Map<String, String> environment) {
    return tokenVariable(service)
        .flatMap(usual ->
            tokenFile == null
                ? held(ADMIN_TOKEN, environment).or(() -> held(usual, environment))
                : Optional.of(content(tokenFile)));
  }

  /// The variable that holds what a service asks for.
  static Optional<String> tokenVariable(Service service) {
    return switch (service) {
      case INGEST -> Optional.of(ADMIN_TOKEN);
      case FULFILLMENT, RECEIPTS -> Optional.of("QUITTANCE_OPERATOR_TOKEN");
      case SANDBOX -> Optional.empty();
    };
  }

  private Optional<String> held(String name, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(name))
        .map(token -> checked(name, token))
        .or(() ->
            Optional.ofNullable(environment.get(name + OF_FILE))
                .map(file -> content(Path.of(file))));
  }

  private String content(Path file) {
    try {
      return checked(file.toString(), Files.readString(file).strip());
    } catch (IOException e) {
      throw misused("The file " + file + " can't be read.");
    }
  }

  /// What an HTTP client would refuse with the token in its complaint.
  private String checked(String where, String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw misused(where + " holds no token: one has visible ASCII characters only.");
    }
    return token;
  }

  private ParameterException misused(String sentence) {
    return new ParameterException(
        Objects.requireNonNull(command, "used as part of a command").commandLine(), sentence);
  }
}
