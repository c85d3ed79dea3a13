package dev.quittance.fulfillment.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.usecase.Records;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.fuzz.HttpFuzzer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever comes by its topics or knocks at its port, the running service goes on, and never says
/// that it is its own fault.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class RequestsFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] NOTHING = {};

  private static final List<String> OF_LISTS =
      List.of(
          "status",
          "paymentStatus",
          "fulfillmentStatus",
          "provider",
          "account",
          "connectedAccount",
          "method",
          "amountMin",
          "amountMax",
          "livemode",
          "currency",
          "from",
          "to",
          "until",
          "q",
          "session",
          "sort",
          "limit",
          "next",
          "personal");

  private static final List<String> PANELS =
      List.of(
          "/console",
          "/console/webhooks",
          "/console/webhooks/checklist",
          "/console/dead-letters",
          "/console/health",
          "/console/health/brokers",
          "/console/health/ledger",
          "/console/health/letters",
          "/console/sign-in",
          "/asyncapi.yaml",
          "/schemas/");

  private static final List<String> OF_FORMS =
      List.of(
          "line",
          "quantity",
          "carrier",
          "number",
          "code",
          "confirmed",
          "key",
          "reason",
          "amount",
          "note",
          "receipt",
          "letter",
          "all",
          "topic",
          "one",
          "csrf");

  @ConfigProperty(name = "kafka.bootstrap.servers")
  @SuppressWarnings("NullAway.Init") // injected
  String bootstrapServers;

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private Topics topics;

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void openTopics() {
    topics = new Topics(bootstrapServers, Topic.FULFILLMENT_EVENTS.topicName());
  }

  @AfterEach
  void closeTopics() {
    topics.close();
  }

  @Test
  void anyEventsAndThenAnyRequestsAreBorne() {
    Fuzz.cases(300, this::publish);
    awaitASoundOrder();

    try (var knocking = new HttpFuzzer(service)) {
      Fuzz.cases(600, rubbish -> read(knocking, rubbish));
      Fuzz.cases(300, rubbish -> command(knocking, rubbish));
      String token = csrfToken();
      Fuzz.cases(400, rubbish -> post(knocking, token, rubbish));
      Fuzz.cases(200, rubbish -> knocking.say(rubbish.damaged(sound(rubbish))));
    }
    awaitASoundOrder();
  }

  /// Whatever came before it, a payment becomes an order.
  private void awaitASoundOrder() {
    var order = new OrderId("stripe:pi_" + UUID.randomUUID());
    topics.publish(Topic.PAYMENT_EVENTS, Records.event(Facts.of(order).paid()));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> RestAssured.given().get("/orders/{id}", order.value()).then().statusCode(200));
  }

  private OrderId order(FuzzRandom rubbish) {
    return new OrderId("stripe:fuzz_" + run + "_" + rubbish.below(40));
  }

  private void publish(FuzzRandom rubbish) {
    var facts = Facts.of(order(rubbish));
    CloudEvent sound =
        Records.event(
            switch (rubbish.below(8)) {
              case 0, 1, 2 -> facts.paid();
              case 3 -> facts.itemsKnown();
              case 4 -> facts.refund("re_1", RefundStatus.SUCCEEDED, 1 + rubbish.below(3000));
              case 5 -> facts.dispute("dp_1", rubbish.of(DisputeStatus.values()));
              case 6 -> facts.failed();
              default -> facts.expired();
            });
    var headers = new HashMap<String, byte[]>();
    sound.headers().forEach((name, value) -> headers.put(name, value.getBytes(UTF_8)));
    headers.put("webhook_received_at", "2026-11-22T10:00:00Z".getBytes(UTF_8));
    for (int left = rubbish.below(3); left > 0; left--) {
      headers.put(rubbish.of(List.copyOf(headers.keySet())), rubbish.text().getBytes(UTF_8));
    }
    Topic topic = rubbish.inPercent(90) ? Topic.PAYMENT_EVENTS : Topic.FULFILLMENT_COMMANDS;
    byte[] value = rubbish.inPercent(90) ? rubbish.damagedJson(sound.data()) : null;
    topics.publishRaw(topic, sound.subject().value(), headers, value);
  }

  private void read(HttpFuzzer knocking, FuzzRandom rubbish) throws InterruptedException {
    String id =
        rubbish.inPercent(70)
            ? URLEncoder.encode(order(rubbish).value(), UTF_8)
            : rubbish.encoded(rubbish.text());
    String target =
        switch (rubbish.below(8)) {
          case 0, 1 -> "/orders" + rubbish.query(OF_LISTS);
          case 2 -> "/orders.csv" + rubbish.query(OF_LISTS);
          case 3 -> "/orders/" + id + rubbish.query(List.of("asOf"));
          case 4 -> "/orders/" + id + "/events";
          case 5 ->
              "/console/transactions"
                  + rubbish.of("", "/rows", "/overview")
                  + rubbish.query(OF_LISTS);
          case 6 -> "/console/orders/" + id + rubbish.query(List.of("did"));
          default ->
              rubbish.of(PANELS)
                  + rubbish.of("", "", rubbish.encoded(rubbish.text()))
                  + rubbish.query(List.of("topic", "reason", "offset", "to", "state", "from"));
        };
    knocking.ask(
        "GET",
        target,
        rubbish.inPercent(20)
            ? Map.of(
                rubbish.of(
                    "Accept",
                    "Accept-Language",
                    "If-None-Match",
                    "Authorization",
                    "Cookie",
                    "Range"),
                rubbish.headerValue())
            : Map.of(),
        NOTHING);
  }

  private void command(HttpFuzzer knocking, FuzzRandom rubbish) throws InterruptedException {
    var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    if (rubbish.inPercent(50)) {
      headers.put(
          "Idempotency-Key",
          rubbish.inPercent(50) ? "k" + rubbish.below(20) : rubbish.headerValue());
    }
    if (rubbish.inPercent(5)) {
      headers.put("Content-Type", rubbish.headerValue());
    }
    byte[] body =
        rubbish.inPercent(10)
            ? rubbish.bytes(5_000)
            : rubbish.damagedJson(
                """
                {"items": [{"id": "shirt", "quantity": 1}], "tracking": {"carrier": "DHL", "number": "1Z"},
                 "deliveredCode": "AAAA", "reason": "because"}
                """
                    .getBytes(UTF_8));
    String id =
        rubbish.inPercent(80)
            ? URLEncoder.encode(order(rubbish).value(), UTF_8)
            : rubbish.encoded(rubbish.text());
    knocking.ask(
        rubbish.inPercent(90) ? "POST" : rubbish.of("PUT", "DELETE", "PATCH"),
        "/orders/"
            + id
            + rubbish.of(
                "/fulfillments", "/fulfillments", "/hold", "/release", "/reverse", "/customer"),
        headers,
        body);
  }

  /// Forms as our own pages send them, with what people never typed.
  private void post(HttpFuzzer knocking, String token, FuzzRandom rubbish)
      throws InterruptedException {
    String id =
        rubbish.inPercent(80)
            ? URLEncoder.encode(order(rubbish).value(), UTF_8)
            : rubbish.encoded(rubbish.text());
    String target =
        switch (rubbish.below(4)) {
          case 0 -> "/console/dead-letters" + rubbish.of("/reveal", "/redrive", "/discard");
          case 1 -> "/console/sign-in";
          default ->
              "/console/orders/"
                  + id
                  + rubbish.of(
                      "/fulfill", "/hold", "/release", "/reverse", "/reveal", "/events", "/resend");
        };
    String form = rubbish.query(OF_FORMS).replaceFirst("\\?", "");
    if (rubbish.inPercent(50)) {
      form += "&confirmed=yes&key=" + UUID.nameUUIDFromBytes(rubbish.bytes(8));
    }
    var headers = new HashMap<>(Map.of("Content-Type", "application/x-www-form-urlencoded"));
    headers.put("Cookie", "quittance-csrf=" + token);
    headers.put("X-CSRF-Token", token);
    if (rubbish.inPercent(5)) {
      headers.put(rubbish.of("Content-Type", "Cookie", "Origin"), rubbish.headerValue());
    }
    knocking.ask("POST", target, headers, form.getBytes(UTF_8));
  }

  private static byte[] sound(FuzzRandom rubbish) {
    return rubbish.inPercent(50)
        ? HttpFuzzer.request("GET", "/orders?q=a%20b&limit=3", Map.of("Accept", "*/*"), NOTHING)
        : HttpFuzzer.request(
            "POST",
            "/orders/stripe:pi_1/hold",
            Map.of("Content-Type", "application/json"),
            "{\"reason\": \"because\"}".getBytes(UTF_8));
  }

  private String csrfToken() {
    String token = RestAssured.given().get("/console/transactions").getCookie("quittance-csrf");
    assertThat(token).isNotBlank();
    return token;
  }
}
