package dev.quittance.fulfillment.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fulfillment.api.Topics;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.Planted;
import dev.quittance.fulfillment.usecase.Records;
import dev.quittance.fulfillment.usecase.TestDatabase;
import dev.quittance.fuzz.RestEndpoints.RestEndpoint;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// What those who only look can learn of a customer, by whatever they ask: the beginning of an
/// address, and nothing else.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@WithTestResource(WithUsers.class)
class ViewersSeeNobodyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PLANTED = Planted.PLANTED;

  /// Whatever is a door's own beside the order: no more than to find it.
  private static final List<String> QUERIES = List.of("", "?q=", "?session=cs_1", "?sort=placedAt");

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Inject
  @SuppressWarnings("NullAway.Init") // injected
  DataSource database;

  private final OrderId order = new OrderId("stripe:pi_" + UUID.randomUUID());

  private static RequestSpecification with(String token) {
    return given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .header("Authorization", "Bearer " + token);
  }

  private void command(String path, String body) {
    with(WithUsers.TOKEN)
        .contentType("application/json")
        .body(body)
        .post("/orders/" + order + path)
        .then()
        .statusCode(path.equals("/fulfillments") ? 201 : 200);
  }

  /// An order with somebody's data in every field, command and reason that can hold any.
  private void plant() {
    List<PaymentFact> facts = Planted.facts(Facts.of(order)).toList();
    try (var topics = new Topics(bootstrapServers, Topic.FULFILLMENT_EVENTS.topicName())) {
      facts.forEach(fact -> topics.publish(Topic.PAYMENT_EVENTS, Records.event(fact)));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            with(WithUsers.TOKEN)
                .get("/orders/" + order + "/events")
                .then()
                .statusCode(200)
                .body("events.findAll { it.source.contains('ingest') }", hasSize(facts.size())));
    String words = "{\"reason\": \"says %s\"}".formatted(PLANTED);
    command("/hold", words);
    command("/release", words);
    command(
        "/fulfillments",
        """
        {"items": [{"id": "shirt", "quantity": 1}], "deliveredCode": "for %1$s",
         "tracking": {"carrier": "DHL", "number": "%1$s"}}\
        """
            .formatted(PLANTED));
  }

  @Test
  void nothingTellsThemWhoBought() {
    plant();
    String theirs = WithUsers.provider().token("vera", "viewer");
    int looked = 0;

    for (RestEndpoint endpoint : AccessServiceTest.endpoints()) {
      if (endpoint.verb().equals("GET") && !AccessServiceTest.streams(endpoint)) {
        String path = endpoint.path().replace("none:none", order.value());
        for (String query : QUERIES) {
          String address = path + query + (query.equals("?q=") ? order.value() : "");
          for (String token : List.of(theirs, WithUsers.VIEWER_TOKEN)) {
            for (String accept : List.of("text/html", "*/*")) {
              Response answer = with(token).header("Accept", accept).get(address);
              assertThat(answer.asString()).as(address).doesNotContainIgnoringCase(PLANTED);
              looked += answer.statusCode() == 200 ? 1 : 0;
            }
          }
        }
      }
    }

    assertThat(looked).isGreaterThan(50);
    assertThat(with(WithUsers.TOKEN).get("/orders/" + order).asString()).contains(PLANTED);
    assertThat(with(WithUsers.TOKEN).get("/orders/" + order + "/events").asString())
        .contains("says " + PLANTED, "\"number\":\"" + PLANTED + "\"");
  }

  /// By every door that shows one order; not of a token that programs share.
  @Test
  void whoeverSeesWhoBoughtIsWrittenDown() throws Exception {
    plant();
    String person = WithUsers.provider().token("otto", "operator");

    for (String token : List.of(person, WithUsers.TOKEN, WithUsers.VIEWER_TOKEN)) {
      for (String path : List.of("", "?asOf=2999-01-01T00:00:00Z", "/events")) {
        with(token).get("/orders/" + order + path).then().statusCode(200);
      }
    }

    assertThat(
            TestDatabase.ask(
                database,
                "SELECT concat_ws(' ', who, way, door, action) FROM console_audit WHERE action LIKE"
                    + " '%.read' AND subject = '"
                    + order
                    + "' ORDER BY id"))
        .containsExactly(
            "otto bearer api customer.read",
            "otto bearer api customer.read",
            "otto bearer api events.read");
  }

  @Test
  void whatTheyMayNotSeeTheyCantSearchCountOrExportBy() {
    plant();
    String who = order.value() + "+";
    for (String start : List.of("pl", PLANTED, PLANTED + "@", PLANTED + "@example.com")) {
      for (String path :
          List.of(
              "/orders?session=cs_1&q=",
              "/orders.csv?q=",
              "/console/transactions?q=",
              "/console/transactions/rows?q=",
              "/console/transactions/overview?from=2026-01-01&q=")) {
        String address = path + who + start;
        assertThat(found(with(WithUsers.VIEWER_TOKEN), address)).as(address).isFalse();
        assertThat(found(with(WithUsers.TOKEN), address)).as(address).isTrue();
        assertThat(found(with(WithUsers.VIEWER_TOKEN), path + order)).as(path).isTrue();
      }
    }
  }

  /// Whether an answer holds the order, or counts it.
  private boolean found(RequestSpecification as, String address) {
    String answer = as.get(address).then().statusCode(200).extract().asString();
    return address.contains("overview")
        ? answer.contains("1 orders paid")
        : answer.contains("\"id\":\"" + order)
            || answer.contains("\n" + order + ",")
            || answer.contains("id=\"order-" + order + "\"");
  }

  @Test
  void theySeeWhichMailsFailedAndWhatIsWrongAndAreOfferedNothing() {
    for (String path : List.of("/console/failed-mail", "/console/wrong-receipts")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(seen(WithUsers.TOKEN, path)).contains("e.com", "Send all"));
      assertThat(seen(WithUsers.VIEWER_TOKEN, path))
          .contains("…@", "<td")
          .doesNotContainIgnoringCase(PLANTED)
          .doesNotContain("Send correction", "Send all", "Discard code");
      assertThat(seen(WithUsers.TOKEN, path)).doesNotContain("Discard code");
    }
    assertThat(seen(WithUsers.TOKEN, "/console/failed-mail")).contains(PLANTED);
  }

  private static String seen(String token, String path) {
    return with(token)
        .header("Accept", "text/html")
        .get(path)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  @Test
  void theReturnPageLooksUpOneCheckoutAndNothingElse() {
    plant();

    with(WithUsers.RETURN_PAGE_TOKEN)
        .get("/orders?limit=1&session=cs_1")
        .then()
        .statusCode(200)
        .body("orders", hasSize(1));
    for (String query :
        List.of(
            "",
            "?session=",
            "?session=cs_1&q=p",
            "?session=cs_1&amountMin=1",
            "?session=cs_1&next=x",
            "?status=paid")) {
      with(WithUsers.RETURN_PAGE_TOKEN)
          .get("/orders" + query)
          .then()
          .statusCode(403)
          .body("code", equalTo("forbidden"));
    }
    for (RestEndpoint endpoint : AccessServiceTest.endpoints()) {
      if (!endpoint.open()) {
        assertThat(
                with(WithUsers.RETURN_PAGE_TOKEN)
                    .contentType(
                        endpoint.path().startsWith("/console")
                            ? "application/x-www-form-urlencoded"
                            : "application/json")
                    .request(endpoint.verb(), endpoint.path())
                    .statusCode())
            .as(endpoint.toString())
            .isEqualTo(403);
      }
    }
  }
}
