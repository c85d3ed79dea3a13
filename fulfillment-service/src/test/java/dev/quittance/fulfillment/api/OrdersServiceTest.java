package dev.quittance.fulfillment.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.usecase.Records;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The service as it runs, between a real broker and a real database.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class OrdersServiceTest {

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String DEAD_LETTERS =
      Topic.PAYMENT_EVENTS.deadLetters(ConsumerGroup.FULFILLMENT);
  private static final String PROBLEM = "application/problem+json";

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Inject DataSource database;

  private final OrderId order = new OrderId("stripe:pi_" + UUID.randomUUID());
  private final Facts facts = Facts.of(order);
  private Topics topics;

  @BeforeEach
  void openTopics() {
    topics =
        new Topics(
            bootstrapServers,
            Topic.FULFILLMENT_EVENTS.topicName(),
            Topic.FULFILLMENT_ORDERS.topicName(),
            Topic.FULFILLMENT_LETTERS.topicName(),
            DEAD_LETTERS);
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

  private void awaitOrder(String fulfillmentStatus) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            given()
                .get("/orders/{id}", order.value())
                .then()
                .statusCode(200)
                .body("fulfillmentStatus", equalTo(fulfillmentStatus)));
  }

  private void awaitTold(String... told) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(topics.told(Topic.FULFILLMENT_EVENTS, order)).containsExactly(told));
  }

  private static Response post(String path, OrderId order, String body) {
    return given().contentType("application/json").body(body).post(path, order.value());
  }

  @Test
  void aPaymentBecomesADueOrderAndARequest() {
    publish(facts.paid());

    awaitOrder("due");
    awaitTold("1 dev.quittance.order.paid.v1", "2 dev.quittance.fulfillment.requested.v1");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(topics.told(Topic.FULFILLMENT_ORDERS, order))
                .containsExactly("2 dev.quittance.order.state.v1"));
    given()
        .get("/orders/{id}", order.value())
        .then()
        .body("id", equalTo(order.value()))
        .body("paymentStatus", equalTo("paid"))
        .body("amount.minorUnits", equalTo(3000))
        .body("amount.currency", equalTo("USD"))
        .body("customer.email", equalTo("ada@example.com"))
        .body("lineItems", hasSize(2))
        .body("placedAt", equalTo("2026-11-22T10:01:00Z"))
        .body("version", equalTo(1));
    given()
        .get("/orders/{id}/events", order.value())
        .then()
        .statusCode(200)
        .body(
            "events.type",
            contains(
                "dev.quittance.payment.succeeded.v1",
                "dev.quittance.order.paid.v1",
                "dev.quittance.fulfillment.requested.v1"))
        .body("events.occurredAt", not(hasItem(nullValue())))
        .body("events.source", hasItems("/quittance/ingest", "/quittance/fulfillment"));
  }

  @Test
  void fiveDeliveriesAreOneOrder() {
    for (int i = 0; i < 5; i++) {
      publish(facts.paid());
    }
    publish(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            given()
                .get("/orders/{id}", order.value())
                .then()
                .body("paymentStatus", equalTo("partially_refunded")));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(topics.told(Topic.FULFILLMENT_EVENTS, order))
                .contains("3 dev.quittance.order.refunded.v1")
                .containsOnlyOnce("2 dev.quittance.fulfillment.requested.v1"));
  }

  @Test
  void aPoisonRecordIsDeadLetteredAndBlocksNothing() {
    topics.publishRaw(Topic.PAYMENT_EVENTS, order.value(), "no event".getBytes(UTF_8));
    topics.publishRaw(Topic.PAYMENT_EVENTS, order.value(), null);
    topics.publishRaw(
        Topic.PAYMENT_EVENTS,
        order.value(),
        Map.of(
            "ce_specversion", "1.0".getBytes(UTF_8),
            "ce_id", "odd".getBytes(UTF_8),
            "ce_type", "odd".getBytes(UTF_8),
            "ce_source", "{{odd}}".getBytes(UTF_8),
            "ce_time", "odd".getBytes(UTF_8)),
        "{}".getBytes(UTF_8));
    publish(facts.paid());

    awaitOrder("due");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(
                    topics.read(record ->
                        record.topic().equals(DEAD_LETTERS)
                            && record.key() != null // as a settled one's marker has none
                            && new String(record.key(), UTF_8).equals(order.value())))
                .hasSize(3)
                .allSatisfy(letter -> {
                  assertThat(Topics.header(letter, "dlq_reason")).isEqualTo("unreadable");
                  assertThat(Topics.header(letter, "dlq_topic")).isEqualTo("payments.events.v1");
                }));
  }

  @Test
  void aRefundBeforeThePaymentShipsNothing() {
    publish(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000), facts.paid());

    awaitOrder("canceled");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(topics.told(Topic.FULFILLMENT_EVENTS, order))
                .contains("3 dev.quittance.fulfillment.canceled.v1")
                .noneMatch(told -> told.endsWith("requested.v1")));
    post("/orders/{id}/fulfillments", order, "{}")
        .then()
        .statusCode(409)
        .contentType(PROBLEM)
        .body("code", equalTo("canceled"));
  }

  @Test
  void twentyConcurrentFulfillmentsWithOneKeyAreOne() throws Exception {
    publish(facts.paid());
    awaitOrder("due");
    Callable<Response> call =
        () ->
            given()
                .contentType("application/json")
                .header("Idempotency-Key", "parcel-1")
                .body("{\"tracking\":{\"carrier\":\"dhl\",\"number\":\"1Z\"}}")
                .post("/orders/{id}/fulfillments", order.value());
    var calls = new ArrayList<Callable<Response>>();
    for (int i = 0; i < 20; i++) {
      calls.add(call);
    }

    var bodies = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (Future<Response> answer : threads.invokeAll(calls)) {
        assertThat(answer.get().statusCode()).isEqualTo(201);
        bodies.add(answer.get().asString());
      }
    }

    assertThat(bodies.stream().distinct()).hasSize(1);
    awaitTold(
        "1 dev.quittance.order.paid.v1",
        "2 dev.quittance.fulfillment.requested.v1",
        "3 dev.quittance.fulfillment.completed.v1");
    given()
        .contentType("application/json")
        .header("Idempotency-Key", "parcel-1")
        .body("{}")
        .post("/orders/{id}/fulfillments", order.value())
        .then()
        .statusCode(422)
        .contentType(PROBLEM);
    post("/orders/{id}/fulfillments", order, "{}")
        .then()
        .statusCode(409)
        .body("code", equalTo("already_fulfilled"));
  }

  @Test
  void linesAreFulfilledHeldAndReleasedOverHttp() {
    publish(facts.paid());
    awaitOrder("due");

    post("/orders/{id}/hold", order, "{\"reason\":\"fraud check\"}")
        .then()
        .statusCode(200)
        .body("fulfillmentStatus", equalTo("on_hold"));
    post("/orders/{id}/fulfillments", order, "{}")
        .then()
        .statusCode(409)
        .body("code", equalTo("on_hold"));
    post("/orders/{id}/release", order, "")
        .then()
        .statusCode(200)
        .body("fulfillmentStatus", equalTo("due"));
    post("/orders/{id}/fulfillments", order, "{\"items\":[{\"id\":\"shirt\",\"quantity\":1}]}")
        .then()
        .statusCode(201)
        .body("items[0].id", equalTo("shirt"))
        .body("order.fulfillmentStatus", equalTo("partially_fulfilled"))
        .body("order.lineItems[0].fulfilled", equalTo(1));
    post("/orders/{id}/fulfillments", order, "{\"items\":[{\"id\":\"shirt\",\"quantity\":2}]}")
        .then()
        .statusCode(409)
        .body("code", equalTo("more_than_remains"));
    post("/orders/{id}/reverse", order, "{}")
        .then()
        .statusCode(409)
        .body("code", equalTo("reversal_not_due"));
  }

  @Test
  void commandsFromTheTopicAreTakenOrRejected() {
    publish(facts.paid());
    awaitOrder("due");

    topics.publish(
        Topic.FULFILLMENT_COMMANDS,
        Records.event(
            order,
            "cmd-1",
            new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 2)), null, null)));
    topics.publish(
        Topic.FULFILLMENT_COMMANDS,
        Records.event(order, "cmd-2", new FulfillmentCommand.Complete(List.of(), null, null)));
    topics.publish(
        Topic.FULFILLMENT_COMMANDS,
        Records.event(order, "cmd-2", new FulfillmentCommand.Complete(List.of(), null, null)));

    awaitOrder("fulfilled");
    awaitTold(
        "1 dev.quittance.order.paid.v1",
        "2 dev.quittance.fulfillment.requested.v1",
        "3 dev.quittance.fulfillment.rejected.v1",
        "4 dev.quittance.fulfillment.completed.v1");
  }

  @Test
  void ordersAreFoundByFilterTextAndSession() {
    publish(facts.paid());
    awaitOrder("due");
    String reference = order.paymentReference();

    given()
        .queryParam("session", "cs_1")
        .queryParam("limit", 200)
        .get("/orders")
        .then()
        .statusCode(200)
        .body("orders.id", hasItem(order.value()));
    for (String text : List.of(reference, reference.substring(0, 12), order.value())) {
      given().queryParam("q", text).get("/orders").then().body("orders.id", hasItem(order.value()));
    }
    given()
        .queryParam("q", reference + " ADA@example.com a-1001")
        .queryParam("status", "due")
        .queryParam("paymentStatus", "paid")
        .queryParam("fulfillmentStatus", "due")
        .queryParam("provider", "stripe")
        .queryParam("currency", "usd")
        .queryParam("from", "2026-11-22")
        .queryParam("to", "2026-11-23T00:00:00Z")
        .get("/orders")
        .then()
        .statusCode(200)
        .body("orders.id", contains(order.value()))
        .body("next", nullValue());
    for (String text : List.of("nobody " + reference, "'", "\\", "' | 'a", ":*", "&", "%")) {
      given()
          .queryParam("q", text)
          .get("/orders")
          .then()
          .statusCode(200)
          .body("orders.id", not(hasItem(order.value())));
    }
    given()
        .queryParam("q", reference)
        .queryParam("status", "fulfilled")
        .get("/orders")
        .then()
        .body("orders", hasSize(0));
  }

  @Test
  void ordersOfAConnectedAccountAreFoundByIt() {
    String account = "acct_" + UUID.randomUUID().toString().replace("-", "");
    publish(facts.ofConnected(account).paid());
    awaitOrder("due");

    given()
        .queryParam("connectedAccount", account)
        .get("/orders")
        .then()
        .statusCode(200)
        .body("orders.id", contains(order.value()))
        .body("orders.connectedAccount", contains(account));
    given()
        .queryParam("connectedAccount", account.toUpperCase(Locale.ROOT))
        .get("/orders")
        .then()
        .body("orders", hasSize(0));
  }

  @Test
  void pagesHoldEveryOrderOnce() {
    String run = "run" + UUID.randomUUID().toString().substring(0, 8);
    var ids = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      var id = new OrderId("paged:" + run + "_" + i);
      ids.add(id.value());
      publish(Facts.of(id).paid());
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> given().queryParam("q", run).get("/orders").then().body("orders", hasSize(7)));

    for (String sort : List.of("placedAt", "-placedAt")) {
      var found = new ArrayList<String>();
      String next = null;
      do {
        var request = given().queryParam("q", run).queryParam("limit", 3).queryParam("sort", sort);
        if (next != null) {
          request.queryParam("next", next);
        }
        Response page = request.get("/orders");
        found.addAll(page.jsonPath().getList("orders.id", String.class));
        next = page.jsonPath().getString("next");
      } while (next != null);
      assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Test
  void anErasedCustomerIsFoundAndShownNoMore() {
    publish(facts.paid());
    awaitOrder("due");
    String between = given().get("/orders/{id}", order.value()).jsonPath().getString("updatedAt");
    String words = "ada@example.com " + order.paymentReference();
    given().queryParam("q", words).get("/orders").then().body("orders", hasSize(1));

    for (int i = 0; i < 2; i++) {
      given().delete("/orders/{id}/customer", order.value()).then().statusCode(204);
    }

    given().queryParam("q", words).get("/orders").then().body("orders", hasSize(0));
    for (String moment : List.of("", "?asOf=" + between)) {
      given()
          .get("/orders/{id}" + moment, order.value())
          .then()
          .statusCode(200)
          .body("customer", equalTo(Map.of()))
          .body("amount.minorUnits", equalTo(3000))
          .body(not(containsString("ada@")), not(containsString("\"Ada")));
    }
    given()
        .get("/orders/{id}/events", order.value())
        .then()
        .body("events.type", hasItem("dev.quittance.order.customer_erased.v1"))
        .body("events.detail.by", hasItem(notNullValue()))
        .body(not(containsString("ada@")), not(containsString("\"Ada")));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          var states = topics.told(Topic.FULFILLMENT_ORDERS, order);
          assertThat(states).endsWith("3 dev.quittance.order.state.v1");
          assertThat(topics.told(Topic.FULFILLMENT_LETTERS, order))
              .containsExactly("3 dev.quittance.letter.customer_erased.v1");
        });
    given()
        .delete("/orders/{id}/customer", "stripe:nobody")
        .then()
        .statusCode(404)
        .contentType(PROBLEM);
  }

  /// Three pages and a bit, written past the fold, which has tests of its own.
  @Test
  void anExportHoldsEveryOrderOnceHoweverManyThereAre() throws SQLException {
    publish(facts.paid());
    awaitOrder("due");
    String run = "bulk" + UUID.randomUUID().toString().substring(0, 8);
    try (Connection connection = database.getConnection();
        PreparedStatement copies =
            connection.prepareStatement(
                """
                INSERT INTO orders (id, version, view, provider, payment_status, placed_at, search)
                SELECT copy.id, 1, convert_to(replace(convert_from(view, 'UTF8'), orders.id, copy.id), 'UTF8'),
                       provider, payment_status, placed_at, array_to_tsvector(ARRAY[?])
                  FROM orders, (SELECT 'bulk:pi_' || n AS id FROM generate_series(1, 1600) n) AS copy (id)
                 WHERE orders.id = ?
                """)) {
      copies.setString(1, run);
      copies.setString(2, order.value());
      copies.executeUpdate();
    }

    Response export =
        given().queryParam("q", run).queryParam("sort", "placedAt").get("/orders.csv");

    given()
        .queryParam("q", run)
        .queryParam("sort", "placedAt")
        .get("/orders/export.csv")
        .then()
        .statusCode(200)
        .body(equalTo(export.asString()));
    assertThat(export.statusCode()).isEqualTo(200);
    assertThat(export.contentType()).isEqualTo("text/csv; charset=UTF-8; header=present");
    assertThat(export.header("Transfer-Encoding")).isEqualTo("chunked");
    List<String> lines = export.asString().lines().toList();
    assertThat(lines.getFirst()).startsWith("id,provider,").doesNotContain("email");
    assertThat(lines.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
        .hasSize(1600)
        .doesNotHaveDuplicates();
    assertThat(lines.get(1)).contains(",30.00,USD,0.00,", "paid,due").doesNotContain("ada");
    given()
        .queryParam("q", order.paymentReference())
        .queryParam("personal", true)
        .get("/orders.csv")
        .then()
        .body(containsString(order.value()), containsString("ada@example.com"));
    for (String query : List.of("personal=maybe", "status=lost", "sort=amount")) {
      given().get("/orders.csv?" + query).then().statusCode(400).contentType(PROBLEM);
    }
    given()
        .header("Authorization", "Bearer guess")
        .get("/orders.csv")
        .then()
        .statusCode(401)
        .contentType(PROBLEM);
  }

  /// As the job does that folds after a roll-out, by a shell.
  @Test
  void whereToGoOnWithARefoldIsToldAsTheQueryWantsIt() {
    OrderId odd = OrderId.of("stripe", "\"pi\\ +%41&=" + UUID.randomUUID());
    publish(Facts.of(odd).paid());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/orders/{id}", odd.value()).then().statusCode(200));

    Response batch =
        given()
            .queryParam("after", odd.value().substring(0, odd.value().length() - 1))
            .queryParam("limit", 1)
            .queryParam("dry-run", true)
            .post("/orders/refold");

    assertThat(batch.jsonPath().getString("next")).isEqualTo(odd.value());
    assertThat(URI.create("http://localhost/?after=" + batch.header("X-Next")).getQuery())
        .isEqualTo("after=" + odd.value());
  }

  /// What was to be a trial would be done otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders/refold?dry-run=yes",
        "/orders/refold?dryRun=true",
        "/orders/refold?dry-run=false&dry-run=true",
        "/orders/refold?limit=many",
        "/orders/refold?after=%00"
      })
  void anAddressThatCannotBeMeantLikeThatDoesNothing(String address) {
    given().urlEncodingEnabled(false).post(address).then().statusCode(400).contentType(PROBLEM);
  }

  /// All of the order would be fulfilled otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"itmes\":[{\"id\":\"shirt\",\"quantity\":1}]}",
        "{\"items\":[{\"id\":\"shirt\",\"quantity\":1}],\"items\":[]}",
        "{}{\"items\":[{\"id\":\"shirt\",\"quantity\":1}]}"
      })
  void aCommandThatCannotBeMeantLikeThatDoesNothing(String body) {
    post("/orders/{id}/fulfillments", order, body).then().statusCode(400).contentType(PROBLEM);
  }

  /// A connection that is closed before its export begins must not keep its place.
  @Test
  void readersWhoHangUpAtOnceDoNotUseUpTheExports() throws IOException {
    URI door = URI.create(RestAssured.baseURI + ":" + RestAssured.port);
    byte[] asked =
        "GET /orders.csv HTTP/1.1\r\nHost: %s:%d\r\n\r\n"
            .formatted(door.getHost(), door.getPort())
            .getBytes(UTF_8);
    for (int n = 0; n < 60; n++) {
      try (var hasty = new Socket(door.getHost(), door.getPort())) {
        hasty.getOutputStream().write(asked);
      }
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/orders.csv?q=nobody").then().statusCode(200));
    for (int n = 0; n < 10; n++) {
      given().get("/orders.csv?q=nobody").then().statusCode(200);
    }
  }

  @Test
  void exportsThatEndEarlyLeaveTheirPlaces() {
    for (int i = 0; i < 20; i++) {
      given().head("/orders.csv").then().statusCode(200);
    }
    given().get("/orders.csv?q=nobody").then().statusCode(200);
  }

  @Test
  void theContractsAreServedAndCached() {
    String schema = CloudEvent.SCHEMAS + FulfillmentEventType.REQUESTED.typeName() + ".json";
    String tag =
        given()
            .get(schema)
            .then()
            .statusCode(200)
            .contentType("application/schema+json")
            .header("Cache-Control", containsString("max-age=3600"))
            .body("title", equalTo(FulfillmentEventType.REQUESTED.typeName()))
            .extract()
            .header("ETag");
    given().header("If-None-Match", tag).get(schema).then().statusCode(304).header("ETag", tag);
    given().header("If-None-Match", "\"other\"").get(schema).then().statusCode(200);
    given()
        .get("/asyncapi.yaml")
        .then()
        .statusCode(200)
        .header("Content-Type", containsString("asyncapi+yaml"))
        .body(containsString("asyncapi: 3.0.0"));
    for (String name :
        List.of("nothing.json", "..%2Fasyncapi.yaml", "%2e%2e", "a.txt", "x".repeat(500))) {
      given()
          .urlEncodingEnabled(false)
          .get("/schemas/" + name)
          .then()
          .statusCode(404)
          .contentType(PROBLEM);
    }
  }

  @Test
  void anOrderIsSeenAsOfAMoment() {
    publish(facts.paid());
    awaitOrder("due");
    String between = given().get("/orders/{id}", order.value()).jsonPath().getString("updatedAt");
    post("/orders/{id}/fulfillments", order, "{}").then().statusCode(201);

    given()
        .queryParam("asOf", between)
        .get("/orders/{id}", order.value())
        .then()
        .statusCode(200)
        .body("fulfillmentStatus", equalTo("due"));
    given()
        .queryParam("asOf", "2026-01-01")
        .get("/orders/{id}", order.value())
        .then()
        .statusCode(404);
  }

  @Test
  void whatCannotBeUnderstoodIsAPlainProblem() {
    publish(facts.paid());
    awaitOrder("due");

    for (String id : List.of("stripe:nobody", "nocolon", ":", "a:\0b", "a:" + "x".repeat(400))) {
      given().get("/orders/{id}", id).then().statusCode(404).contentType(PROBLEM);
      given().get("/orders/{id}/events", id).then().statusCode(404).contentType(PROBLEM);
      given()
          .contentType("application/json")
          .body("{}")
          .post("/orders/{id}/fulfillments", id)
          .then()
          .statusCode(404)
          .contentType(PROBLEM);
    }
    for (String body :
        List.of(
            "{",
            "[]",
            "null",
            "{\"items\":[{\"id\":\"shirt\"}]}",
            "{\"items\":[{\"id\":\"shirt\",\"quantity\":0}]}",
            "{\"items\":[{\"id\":\"shirt\",\"quantity\":-1}]}",
            "{\"items\":[{\"id\":\"shirt\",\"quantity\":1.5}]}",
            "{\"items\":[{\"quantity\":1}]}",
            "{\"items\":[null]}",
            "{\"items\":\"all\"}",
            "{\"tracking\":{\"number\":\"" + "1".repeat(300) + "\"}}")) {
      post("/orders/{id}/fulfillments", order, body)
          .then()
          .statusCode(400)
          .contentType(PROBLEM)
          .body("code", equalTo("bad_request"));
    }
    for (String query :
        List.of(
            "limit=0",
            "limit=201",
            "limit=many",
            "next=nowhere",
            "status=lost",
            "paymentStatus=due",
            "from=yesterday",
            "from=-1000000000-01-01T00:00:00Z",
            "sort=amount",
            "q=" + "x".repeat(500))) {
      given()
          .get("/orders?" + query)
          .then()
          .statusCode(400)
          .contentType(PROBLEM)
          .body("detail", notNullValue());
    }
    given()
        .contentType("application/json")
        .header("Idempotency-Key", "x".repeat(300))
        .body("{}")
        .post("/orders/{id}/hold", order.value())
        .then()
        .statusCode(400)
        .contentType(PROBLEM);
    given()
        .contentType("text/plain")
        .body("all")
        .post("/orders/{id}/fulfillments", order.value())
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    given().delete("/orders").then().statusCode(405).contentType(PROBLEM);
    given()
        .header("Authorization", "Bearer guess")
        .get("/orders")
        .then()
        .statusCode(401)
        .contentType(PROBLEM);
    awaitOrder("due");
  }

  @Test
  void itSaysHowItIs() {
    given().get(management.resolve("/q/health/live")).then().statusCode(200);
    given().get(management.resolve("/q/health/ready")).then().statusCode(200);
    given().get(management.resolve("/q/health/started")).then().statusCode(200);
    given().get("/readiness").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/health/ready").then().statusCode(404);
    given().get("/q/metrics").then().statusCode(404);
    publish(facts.paid());
    awaitOrder("due");
    given()
        .get(management.resolve("/q/metrics"))
        .then()
        .statusCode(200)
        .body(containsString("quittance_intake_records_total"))
        .body(containsString("quittance_outbox_oldest_age_seconds"));
    given()
        .queryParam("format", "json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths.'/orders/{id}/fulfillments'.post", notNullValue())
        .body("components.schemas.Order", notNullValue());
  }
}
