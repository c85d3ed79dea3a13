package dev.quittance.launcher;

import dev.quittance.localstack.Service;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the services are, and who asks: where `./quittance up` started them, unless said
/// otherwise. Tokens come from the environment alone, as everybody on a machine sees a program's
/// options.
final class Addresses {

  private static final String ADMIN_TOKEN = "QUITTANCE_ADMIN_TOKEN";

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

  URI trigger() {
    return of(Service.SANDBOX).resolve("/trigger");
  }

  URI orders(String query) {
    return of(Service.FULFILLMENT).resolve("/orders" + query);
  }

  URI order(String id) {
    return orders("/" + Answers.escaped(id));
  }

  URI eventsOf(String order) {
    return orders("/" + Answers.escaped(order) + "/events");
  }

  URI receiptsOf(String order) {
    return receipts("?order=" + Answers.escaped(order));
  }

  /// @param rest of the path, or the query
  URI receipts(String rest) {
    return of(Service.RECEIPTS).resolve("/receipts" + rest);
  }

  URI refold(String query) {
    return of(Service.FULFILLMENT).resolve("/orders/refold" + query);
  }

  URI replan(String query) {
    return of(Service.RECEIPTS).resolve("/receipts/replan" + query);
  }

  URI wrongReceipts(String query) {
    return of(Service.RECEIPTS).resolve("/receipts/wrong" + query);
  }

  URI endpoints() {
    return of(Service.INGEST).resolve("/endpoints");
  }

  URI recovery(String query) {
    return of(Service.INGEST).resolve("/recovery" + query);
  }

  URI replay(String query) {
    return of(Service.INGEST).resolve("/replay" + query);
  }

  URI webhooks(String endpoint) {
    return of(Service.INGEST).resolve("/webhooks/" + Answers.escaped(endpoint));
  }

  /// The root of what a service answers.
  URI of(Service service) {
    URI given =
        switch (service) {
          case INGEST -> ingest;
          case FULFILLMENT -> fulfillment;
          case RECEIPTS -> receipts;
          case SANDBOX -> sandbox;
        };
    return Objects.requireNonNullElseGet(
        given, () -> PortOffset.ports(Repository.home()).url(service));
  }

  /// What to show at this address, if it is one of a service that asks for it: nobody else gets to
  /// see a token.
  Optional<String> token(URI url) {
    return tokenVariable(url).map(System::getenv);
  }

  /// What to show at this address for what only administrators may, if it is one of a service that
  /// asks for it; the usual token where no other is set.
  Optional<String> adminToken(URI url) {
    return adminToken(url, System.getenv());
  }

  Optional<String> adminToken(URI url, Map<String, String> environment) {
    return tokenVariable(url)
        .flatMap(usual ->
            Stream.of(ADMIN_TOKEN, usual)
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                .findFirst());
  }

  /// The variable that holds what is asked for at an address.
  Optional<String> tokenVariable(URI url) {
    return Stream.of(Service.INGEST, Service.FULFILLMENT, Service.RECEIPTS)
        .filter(service -> url.getAuthority().equals(of(service).getAuthority()))
        .findFirst()
        .map(Addresses::tokenOf);
  }

  /// The variable that holds what a service asks for.
  static String tokenOf(Service service) {
    return switch (service) {
      case INGEST -> ADMIN_TOKEN;
      case FULFILLMENT, RECEIPTS, SANDBOX -> "QUITTANCE_OPERATOR_TOKEN";
    };
  }
}
