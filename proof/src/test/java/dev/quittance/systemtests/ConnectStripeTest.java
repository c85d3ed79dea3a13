package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.launcher.Launcher;
import dev.quittance.testkit.ReturnPageToken;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.Stack;
import dev.quittance.testkit.StackPorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A platform engineer's first hour: an endpoint that real payments are to come to is registered at
/// the provider, whose place the sandbox takes.
class ConnectStripeTest {

  private static final String TOKEN = "a-token-that-only-this-test-knows";
  private static final String KEY = "sk_test_sandbox";

  private final RunningStack shared = RunningStack.get();

  @TempDir Path directory;

  @Test
  void registeredEndpointGetsItsPaymentsOnceTheServiceKnowsItsSecret() throws Exception {
    Path known = Files.writeString(directory.resolve("known"), "whsec_of_another_time\n");
    Path secret = directory.resolve("secret");
    StackPorts ports = StackPorts.free();
    Stack ingest = ingest(ports, known);
    String id = "";
    try {
      ingest.startService(Service.INGEST);

      Told first = connect(ports, "--wait=0", "--json");
      id = first.json().path("id").asText();
      assertThat(first.code).as(first.err).isOne();
      assertThat(first.json().path("done").asText()).isEqualTo("registered");
      assertThat(first.json().path("way").asText()).isEqualTo("refused");
      assertThat(first.err).contains("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE");

      Files.copy(secret, known, StandardCopyOption.REPLACE_EXISTING);
      Told second = connect(ports, "--wait=60");
      assertThat(second.code).as(second.err).isZero();
      assertThat(second.out).contains(id + " is registered (test)", "accepted");

      Told paid =
          run(
              "trigger",
              "checkout.session.completed",
              "--wait=60",
              "--json",
              "--ingest-url=" + at(Service.INGEST),
              "--sandbox-url=" + at(Service.SANDBOX),
              "--fulfillment-url=" + at(Service.FULFILLMENT),
              "--receipts-url=" + at(Service.RECEIPTS));
      assertThat(paid.code).as(paid.err + paid.out).isZero();
      assertThat(paid.json().at("/deliveries/0/endpoint").asText())
          .isEqualTo(ports.url(Service.INGEST) + "/webhooks/stripe");
      assertThat(paid.json().at("/deliveries/0/status").asInt()).isEqualTo(200);
      shared.orders().await(paid.json().at("/orders/0/id").asText(), "paid", "due");
    } finally {
      forget(id);
      ingest.close();
    }
  }

  /// One more ingest-service, with a real endpoint and a token, beside the shared one, which knows
  /// an endpoint of that name: they are one consumer group.
  private Stack ingest(StackPorts ports, Path secrets) {
    return new Stack(
        new Stack.Plan(
            Path.of("").toAbsolutePath().resolve(".."),
            directory.resolve("home"),
            ports,
            ReturnPageToken.of(Map.of(), new SecureRandom()),
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                shared.stack().kafka().bootstrapServers(),
                "QUITTANCE_ADMIN_TOKEN",
                TOKEN,
                "QUITTANCE_ENDPOINTS_STRIPE_PROVIDER",
                "stripe",
                "QUITTANCE_ENDPOINTS_STRIPE_MODE",
                "test",
                "QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE",
                secrets.toString(),
                "QUITTANCE_RECOVERY_FIRST_AFTER",
                "24h")),
        (_, _) -> {});
  }

  private Told connect(StackPorts ports, String... more) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "connect",
                "stripe",
                "--ingest-url=" + ports.url(Service.INGEST),
                "--token-file=" + Files.writeString(directory.resolve("token"), TOKEN),
                "--stripe-api=" + at(Service.SANDBOX),
                "--key-file=" + Files.writeString(directory.resolve("key"), KEY),
                "--secret-file=" + directory.resolve("secret")));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private String at(Service service) {
    return shared.stack().ports().url(service).toString();
  }

  /// The other tests' payments go where they always went.
  private void forget(String id) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(
          HttpRequest.newBuilder(
                  shared
                      .stack()
                      .ports()
                      .url(Service.SANDBOX)
                      .resolve("/v1/webhook_endpoints/" + id))
              .header("Authorization", "Bearer " + KEY)
              .DELETE()
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  private record Told(int code, String out, String err) {

    JsonNode json() throws IOException {
      return WireFormat.mapper().readTree(out);
    }
  }

  private static Told run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Launcher.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Told(code, out.toString(), err.toString());
  }
}
