package dev.quittance.launcher;

import dev.quittance.localstack.Service;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the services are: where `./quittance up` started them, unless said otherwise.
final class Addresses {

  @Option(
      names = "--sandbox-url",
      paramLabel = "URL",
      description = "Where the sandbox is; otherwise that of ./quittance up.")
  private @Nullable URI sandbox;

  @Option(
      names = "--fulfillment-url",
      paramLabel = "URL",
      description = "Where the orders are; otherwise those of ./quittance up.")
  private @Nullable URI fulfillment;

  @Option(
      names = "--receipts-url",
      paramLabel = "URL",
      description = "Where the receipts are; otherwise those of ./quittance up.")
  private @Nullable URI receipts;

  URI trigger() {
    return or(sandbox, Service.SANDBOX).resolve("/trigger");
  }

  URI order(String id) {
    return or(fulfillment, Service.FULFILLMENT).resolve("/orders/" + Answers.escaped(id));
  }

  URI receiptsOf(String order) {
    return or(receipts, Service.RECEIPTS).resolve("/receipts?order=" + Answers.escaped(order));
  }

  private static URI or(@Nullable URI given, Service service) {
    return Objects.requireNonNullElseGet(
        given, () -> PortOffset.ports(Repository.home()).url(service));
  }
}
