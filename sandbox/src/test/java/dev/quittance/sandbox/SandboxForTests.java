package dev.quittance.sandbox;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A sandbox with a data directory of its own, free ports, and a receiver for its webhooks.
public final class SandboxForTests implements QuarkusTestResourceLifecycleManager {

  private static @Nullable Receiver receiver;

  /// Where its webhooks go.
  public static Receiver receiver() {
    return Objects.requireNonNull(receiver, "no sandbox was started");
  }

  @Override
  public Map<String, String> start() {
    // each of its requests has a client of its own, whose connection would stay open: services keep
    // 500
    RestAssured.replaceFiltersWith((request, response, next) -> {
      request.header("Connection", "close");
      return next.next(request, response);
    });
    receiver = new Receiver();
    try {
      Path data = Files.createTempDirectory("sandbox");
      return Map.of(
          "quittance.sandbox.data",
          data.toString(),
          "quittance.sandbox.smtp.port",
          "0",
          "quittance.sandbox.webhooks",
          receiver.webhooks().toString(),
          "quittance.sandbox.fulfillment",
          receiver.webhooks().resolve("/").toString().replaceFirst("/$", ""),
          "quittance.sandbox.retry-speed",
          "1",
          "quittance.sandbox.delayed-payments",
          "100ms",
          "quarkus.http.test-port",
          "0");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    if (receiver != null) {
      receiver.close();
    }
  }
}
