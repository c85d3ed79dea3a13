package dev.quittance.ingest.provider;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.Mode;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.endpoint.SigningSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// The providers' bodies under `src/test/resources/bodies`, and the endpoints that they come in by.
public final class Bodies {

  /// When the tests' webhooks come in.
  public static final Instant RECEIVED_AT = Instant.parse("2026-11-22T12:00:00Z");

  static final Path ROOT = Path.of("src/test/resources/bodies");

  private Bodies() {}

  /// A body by its path below the root, without `.json`.
  public static byte[] body(String name) {
    try {
      return Files.readAllBytes(ROOT.resolve(name + ".json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All names of bodies.
  public static List<String> names() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .map(file -> ROOT.relativize(file).toString())
          .filter(file -> file.endsWith(".json"))
          .map(file -> file.substring(0, file.length() - ".json".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The provider whose body it is: the folder that it lies in.
  public static String providerOf(String name) {
    Path body = Path.of(name);
    return body.getName(body.getNameCount() - 2).toString();
  }

  /// An endpoint named like its provider.
  public static Endpoint endpoint(String provider, Mode mode, OrdersFrom ordersFrom) {
    return new Endpoint(
        provider, provider, provider, List.of(new SigningSecret("secret")), mode, ordersFrom);
  }

  /// An endpoint that admits every mode and takes its orders from checkouts.
  public static Endpoint endpoint(String provider) {
    return endpoint(provider, Mode.ANY, OrdersFrom.CHECKOUT);
  }

  /// A webhook with a body.
  public static Webhook webhook(String endpoint, byte[] body) {
    return new Webhook(endpoint, "evt_test", body, RECEIVED_AT, CloudEvent.Origin.WEBHOOK, null);
  }

  /// A webhook with a body.
  public static Webhook webhook(String endpoint, String body) {
    return webhook(endpoint, body.getBytes(StandardCharsets.UTF_8));
  }
}
