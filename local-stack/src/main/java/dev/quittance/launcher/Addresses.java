package dev.quittance.launcher;

import java.net.URI;
import picocli.CommandLine.Option;

/// Where the services are; as `./quittance up` starts them, unless said otherwise.
final class Addresses {

  @Option(
      names = "--sandbox-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8084",
      description = "Where the sandbox is. Default: ${DEFAULT-VALUE}")
  private URI sandbox = URI.create("http://127.0.0.1:8084");

  @Option(
      names = "--fulfillment-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8082",
      description = "Where the orders are. Default: ${DEFAULT-VALUE}")
  private URI fulfillment = URI.create("http://127.0.0.1:8082");

  @Option(
      names = "--receipts-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8083",
      description = "Where the receipts are. Default: ${DEFAULT-VALUE}")
  private URI receipts = URI.create("http://127.0.0.1:8083");

  URI trigger() {
    return sandbox.resolve("/trigger");
  }

  URI order(String id) {
    return fulfillment.resolve("/orders/" + Answers.escaped(id));
  }

  URI receiptsOf(String order) {
    return receipts.resolve("/receipts?order=" + Answers.escaped(order));
  }
}
