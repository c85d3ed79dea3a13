package dev.quittance.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fulfillment.api.Topics;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.OrderFilter;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.usecase.Records;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The Transactions page of the running service, as somebody at its machine sees it.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class TransactionsServiceTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Inject OrderQueries orders;

  private final OrderId order = new OrderId("stripe:pi_" + UUID.randomUUID());
  private final Facts facts = Facts.of(order);
  private Topics topics;

  @BeforeEach
  void openTopics() {
    topics = new Topics(bootstrapServers, Topic.FULFILLMENT_EVENTS.topicName());
  }

  @AfterEach
  void closeTopics() {
    topics.close();
  }

  private void publish(PaymentFact... published) {
    for (PaymentFact fact : published) {
      topics.publish(Topic.PAYMENT_EVENTS, Records.event(fact));
    }
  }

  private OrderView awaitOrder(FulfillmentStatus status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            given()
                .get("/orders/{id}", order.value())
                .then()
                .body("fulfillmentStatus", equalTo(status.name().toLowerCase(Locale.ROOT))));
    return orders.view(order).orElseThrow();
  }

  private static RequestSpecification browser() {
    return given().redirects().follow(false).header("Accept", "text/html");
  }

  @Test
  void anOrderIsARowWithItsCustomerMasked() {
    publish(facts.paid(), facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));
    awaitOrder(FulfillmentStatus.DUE);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            browser()
                .queryParam("q", order.value())
                .get("/console/transactions")
                .then()
                .statusCode(200)
                .body(containsString("id=\"order-" + order.value() + "\""))
                .body(containsString("a…@example.com"))
                .body(not(containsString("ada@example.com")))
                .body(containsString("30.00 USD"))
                .body(containsString("−10.00 USD refunded"))
                .body(containsString("partially refunded"))
                .body(containsString("Local mode: no sign-in.")));
    browser()
        .queryParam("q", "nobody-is-called-that")
        .get("/console/transactions")
        .then()
        .body(containsString("No matching orders."));
  }

  @Test
  void answersSayWhatBrowsersMayDo() {
    browser()
        .get("/console/transactions")
        .then()
        .header("Content-Security-Policy", containsString("default-src 'self'"))
        .header("Content-Security-Policy", not(containsString("unsafe")))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Cache-Control", equalTo("no-store"))
        .body(not(containsString("style=")))
        .body(not(matchesPattern("(?s).*<script(?! src=).*")));
    String page = browser().get("/console/transactions").asString();
    for (String asset : List.of("console.css", "console.js", "htmx.js")) {
      int end = page.indexOf('"', page.indexOf(asset));
      String address = page.substring(page.lastIndexOf('"', end - 1) + 1, end);
      given()
          .get(address)
          .then()
          .statusCode(200)
          .header("Cache-Control", containsString("immutable"));
    }
    browser().get("/console").then().statusCode(303);
  }

  @Test
  void theDoorHereIsOpenToThisMachineOnly() {
    browser().header("Host", "evil.example").get("/console/transactions").then().statusCode(303);
    given().header("X-Forwarded-For", "192.0.2.1").get("/orders").then().statusCode(401);
    given().header("Authorization", "Bearer guess").get("/console").then().statusCode(401);
    given()
        .contentType("application/json")
        .header("Sec-Fetch-Site", "cross-site")
        .post("/orders/{id}/hold", order.value())
        .then()
        .statusCode(403);
    browser()
        .header("HX-Request", "true")
        .header("Host", "evil.example")
        .get("/console/transactions")
        .then()
        .statusCode(401)
        .header("HX-Redirect", equalTo("/console/sign-in"));
  }

  @Test
  void problemsArePagesToPeople() {
    browser()
        .queryParam("from", "yesterday")
        .get("/console/transactions")
        .then()
        .statusCode(400)
        .contentType("text/html")
        .body(containsString("“From” is a UTC time"));
    for (String amount : List.of("abc", "50,00", "-1")) {
      browser()
          .queryParam("amountMin", amount)
          .get("/console/transactions")
          .then()
          .statusCode(400)
          .body(containsString("“Amount from” is an amount such as 30 or 29.95."))
          .body(containsString("value=\"" + amount + "\""));
    }
    given()
        .queryParam("from", "yesterday")
        .get("/console/transactions")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @Test
  void figuresAndChartCountWhatIsFiltered() {
    publish(facts.paid());
    awaitOrder(FulfillmentStatus.DUE);

    given()
        .queryParam("q", order.value())
        .queryParam("from", "2026-11-22")
        .queryParam("until", "2026-11-22")
        .get("/console/transactions/overview")
        .then()
        .statusCode(200)
        .body(containsString("1 orders paid, 0 of them refunded in part or whole, 0 failed"))
        .body(containsString("22 Nov 10:00: 1 paid"));
    for (String stretch :
        List.of("from=1990-01-01", "from=2026-01-01", "from=2025-01-01", "from=2030-01-01")) {
      given().get("/console/transactions/overview?" + stretch).then().statusCode(200);
    }
  }

  @Test
  void theFilterThinksAsTheDatabaseDoes() {
    publish(facts.paid());
    OrderView view = awaitOrder(FulfillmentStatus.DUE);
    BigDecimal price = new BigDecimal("30");

    for (OrderFilter filter :
        List.of(
            filter("paid", null, null, null, null, null, null, null, null),
            filter("due", null, null, null, null, null, null, null, null),
            filter("failed", null, null, null, null, null, null, null, null),
            filter(null, "stripe", null, null, null, null, null, null, null),
            filter(null, "paysuper", null, null, null, null, null, null, null),
            filter(null, null, "card", null, null, null, null, null, null),
            filter(null, null, "sepa_debit", null, null, null, null, null, null),
            filter(null, null, null, "USD", null, null, null, null, null),
            filter(null, null, null, "EUR", null, null, null, null, null),
            filter(null, null, null, null, price, price, null, null, null),
            filter(null, null, null, null, new BigDecimal("30.001"), null, null, null, null),
            filter(null, null, null, null, null, new BigDecimal("29.99"), null, null, null),
            filter(null, null, null, null, null, null, view.livemode(), null, null),
            filter(null, null, null, null, null, null, !view.livemode(), null, null),
            filter(null, null, null, null, null, null, null, view.placedAt(), null),
            filter(null, null, null, null, null, null, null, view.placedAt().plusMillis(1), null),
            filter(null, null, null, null, null, null, null, null, "ada@ " + order.value()),
            filter(null, null, null, null, null, null, null, null, "grace"))) {
      boolean found =
          orders.page(withId(filter), null, 10).orders().stream()
              .anyMatch(listed -> listed.id().equals(order));
      assertThat(withId(filter).matches(view)).isEqualTo(found);
    }
  }

  private static OrderFilter filter(
      @Nullable String status,
      @Nullable String provider,
      @Nullable String method,
      @Nullable String currency,
      @Nullable BigDecimal amountMin,
      @Nullable BigDecimal amountMax,
      @Nullable Boolean livemode,
      @Nullable Instant from,
      @Nullable String text) {
    return new OrderFilter(
        status,
        null,
        null,
        provider,
        null,
        null,
        method,
        currency,
        amountMin,
        amountMax,
        livemode,
        from,
        null,
        text,
        null,
        false,
        PersonalData.SHOWN);
  }

  /// Other tests have orders too: more than a page's worth of them.
  private OrderFilter withId(OrderFilter f) {
    String text = f.text() == null ? order.value() : f.text() + " " + order.value();
    return new OrderFilter(
        f.status(),
        null,
        null,
        f.provider(),
        null,
        null,
        f.method(),
        f.currency(),
        f.amountMin(),
        f.amountMax(),
        f.livemode(),
        f.from(),
        null,
        text,
        null,
        false,
        f.personal());
  }

  @Test
  void newAndChangedOrdersAppearByThemselves() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> live =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:%d/console/transactions/live?q=%s"
                              .formatted(RestAssured.port, order.value().replace(":", "%3A"))))
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      assertThat(live.statusCode()).isEqualTo(200);
      publish(facts.paid(), facts.refund("re_1", RefundStatus.SUCCEEDED, 3000));

      try (Stream<String> lines = live.body()) {
        List<String> seen =
            lines
                .takeWhile(line -> !line.contains("refunded</span>"))
                .filter(line -> line.startsWith("event:"))
                .toList();
        assertThat(seen).isNotEmpty().anyMatch(line -> line.contains("row"));
      }
    }
  }
}
