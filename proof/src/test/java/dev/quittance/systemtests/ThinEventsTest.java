package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.ReturnPageToken;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.Stack;
import dev.quittance.testkit.StackPorts;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A shop that registered for Stripe's thin events alone, which name an object and say nothing of
/// it: all that is known is what Stripe's API answers.
class ThinEventsTest {

  private static final Map<String, String> KEY = Map.of("Authorization", "Bearer sk_test_sandbox");

  private static final String TOKEN = "a-token-that-only-this-test-knows";

  private static final RunningStack SHARED = RunningStack.get();
  private static final StackPorts PORTS = StackPorts.free();

  @TempDir private static Path home;
  private static Stack ingest;
  private static String destination = "";

  @BeforeAll
  static void register() {
    URI own = PORTS.url(Service.INGEST).resolve("/webhooks/stripe");
    var types = new ArrayList<String>();
    for (JsonNode endpoint : Http.get(at(Service.INGEST, "/endpoints")).body().path("endpoints")) {
      if (endpoint.path("name").asText().equals("stripe")) {
        endpoint.path("eventsToRegister").forEach(type -> types.add("v1." + type.asText()));
      }
    }
    JsonNode made =
        Http.post(
                at(Service.SANDBOX, "/v2/core/event_destinations"),
                WireFormat.write(
                    Map.of(
                        "name",
                        "shop",
                        "type",
                        "webhook_endpoint",
                        "event_payload",
                        "thin",
                        "enabled_events",
                        types,
                        "webhook_endpoint",
                        Map.of("url", own.toString()),
                        "include",
                        List.of("webhook_endpoint.signing_secret"))),
                KEY)
            .body();
    destination = made.path("id").asText();
    // of the same name as the shared one's, whose consumers may get what comes here
    ingest =
        new Stack(
            new Stack.Plan(
                Path.of("").toAbsolutePath().resolve(".."),
                home,
                PORTS,
                ReturnPageToken.of(Map.of(), new SecureRandom()),
                environment(made.path("webhook_endpoint").path("signing_secret").asText())),
            (_, _) -> {});
    ingest.startService(Service.INGEST);
  }

  private static Map<String, String> environment(String secret) {
    return Map.ofEntries(
        Map.entry("KAFKA_BOOTSTRAP_SERVERS", SHARED.stack().kafka().bootstrapServers()),
        Map.entry("QUITTANCE_ADMIN_TOKEN", TOKEN),
        Map.entry("QUITTANCE_ENDPOINTS_STRIPE_PROVIDER", "stripe"),
        Map.entry("QUITTANCE_ENDPOINTS_STRIPE_MODE", "any"),
        Map.entry("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", secret),
        Map.entry("QUITTANCE_ENDPOINTS_STRIPE_API_KEY", "sk_test_sandbox"),
        Map.entry("QUITTANCE_ENDPOINTS_STRIPE_API_BASE", at(Service.SANDBOX, "").toString()),
        Map.entry("QUITTANCE_LOOKUPS_PAUSE_FIRST", "PT0.2S"),
        Map.entry("QUITTANCE_LOOKUPS_PAUSE_MAX", "PT1S"),
        Map.entry("QUITTANCE_RECOVERY_FIRST_AFTER", "24h"));
  }

  /// The other tests' payments go where they always went.
  @AfterAll
  static void unregister() {
    Http.delete(at(Service.SANDBOX, "/v2/core/event_destinations/" + destination), KEY);
    if (ingest != null) {
      ingest.close();
    }
  }

  @AfterEach
  void mend() {
    SHARED.sandbox().mends();
    SHARED.sandbox().deliversWell();
  }

  @Test
  void aPaymentsWholeLifeIsTheSameByThinEventsAlone() {
    SHARED.sandbox().deliversTwiceAndInDisorder();
    String order = SHARED.sandbox().trigger("checkout.session.completed", Map.of(), 1).getFirst();
    JsonNode due = SHARED.orders().await(order, "paid", "due");
    SHARED.orders().awaitReceipts(order, "payment sent");
    assertThat(due.path("itemsState").asText()).isEqualTo("known");
    act(order, "refund", "amount=10.00");
    SHARED.orders().await(order, "partially_refunded", "due");
    SHARED.orders().awaitReceipts(order, "payment sent", "refund sent");

    act(order, "dispute", "");
    SHARED.orders().await(order, "disputed", "on_hold");
    act(order, "win", "target=" + dispute(order));
    SHARED.orders().await(order, "partially_refunded", "due");
    assertThat(SHARED.orders().timeline(order))
        .filteredOn(type -> type.endsWith("fulfillment.requested.v1"))
        .hasSize(1);
    assertThat(types()).isNotEmpty().allMatch(type -> type.startsWith("v1."));
  }

  @Test
  void whatStripeDidNotAnswerForIsThereOnceItAnswers() {
    SHARED.sandbox().breaks(Map.of("status", 503));
    String order = SHARED.sandbox().trigger("checkout.session.completed", Map.of(), 1).getFirst();
    assertThat(SHARED.orders().find(order).status()).isEqualTo(404);

    SHARED.sandbox().mends();

    SHARED.orders().await(order, "paid", "due");
    SHARED.orders().awaitReceipts(order, "payment sent");
  }

  /// What has come here.
  private static List<String> types() {
    JsonNode deliveries =
        Http.get(
                PORTS.url(Service.INGEST).resolve("/deliveries"),
                Map.of("Authorization", "Bearer " + TOKEN))
            .body()
            .path("deliveries");
    return StreamSupport.stream(deliveries.spliterator(), false)
        .map(delivery -> delivery.path("type").asText())
        .toList();
  }

  /// As the sandbox's page of the payment names it.
  private static String dispute(String order) {
    String page = Http.getText(at(Service.SANDBOX, "/payments/" + payment(order))).text();
    Matcher dispute = Pattern.compile("du_[A-Za-z0-9]+").matcher(page);
    assertThat(dispute.find()).isTrue();
    return dispute.group();
  }

  private static void act(String order, String action, String form) {
    Http.postForm(at(Service.SANDBOX, "/payments/" + payment(order) + "/" + action), form);
  }

  private static String payment(String order) {
    return order.substring(order.indexOf(':') + 1);
  }

  private static URI at(Service service, String path) {
    return SHARED.stack().ports().url(service).resolve(path);
  }
}
