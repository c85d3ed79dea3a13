package dev.quittance.console;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.quittance.console.orders.OrderPage;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.usecase.Records;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages on which staff acts, between a real broker, a real database and neighbors that may be
/// away.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@QuarkusTestResource(NeighborsForTests.class)
class ConsolePagesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern FIELD = Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"");

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Inject Audit audit;

  private final OrderId order = new OrderId("stripe:pi_" + UUID.randomUUID());
  private final Facts facts = Facts.of(order);

  @AfterEach
  void everybodyIsBack() {
    NeighborsForTests.away(false);
  }

  @Test
  void anOrderIsShownWithItsCustomerMasked() {
    paid();

    String page = page(path()).statusCode(200).extract().asString();

    assertThat(page)
        .contains("30.00 USD", "Shirt", "Mug", "a…@example.com", "Fulfillment requested", "A-1001")
        .contains("order updated")
        .doesNotContain("ada@example.com", ">Ada<");
  }

  @Test
  void whatWasReceivedOfItIsShownAndNoMoreIsRefunded() {
    publish(facts.pending());
    publish(
        facts.fact(
            "captured",
            1,
            about ->
                new PaymentEvent.Succeeded(
                    about, PaymentDetails.of(Origin.PAYMENT, false, Facts.usd(2000)))));
    awaitStatus("due");

    assertThat(page(path()).extract().asString()).contains("Received", "20.00 USD", "30.00 USD");
    assertThat(
            post(
                    path() + "/refund",
                    Map.of("amount", List.of("25"), "reason", List.of("requested_by_customer")))
                .asString())
        .contains("At most 20.00 USD can be refunded.");
  }

  @Test
  void whoLooksAtTheCustomerIsWrittenDown() {
    paid();

    Response revealed = post(path() + "/reveal", Map.of());

    assertThat(revealed.statusCode()).isEqualTo(200);
    assertThat(revealed.asString()).contains("ada@example.com", ">Ada<", "Viewed customer details");
    assertThat(page(path()).extract().asString())
        .contains("Viewed customer details", "this machine", "admin")
        .doesNotContain("ada@example.com");
  }

  @Test
  void whatTheProviderSaidStandsBesideWhatItMeans() {
    String key = "stripe:" + order.paymentReference() + "-paid";
    send(Topic.WEBHOOKS.topicName(), key, "{\"id\": \"evt_raw\", \"as\": \"<sent>\"}", Map.of());
    paid();

    Response events = post(path() + "/events", Map.of());

    assertThat(events.asString())
        .contains(key, "evt_raw", "&lt;sent&gt;", "dev.quittance.payment.succeeded.v1", "offset");
    assertThat(page(path()).extract().asString()).contains("Viewed raw events");
  }

  @Test
  void aPartIsFulfilledAfterASecondLookAndOnce() {
    paid();
    var wish =
        Map.of(
            "line", List.of("shirt", "mug"),
            "quantity", List.of("1", "0"),
            "carrier", List.of("DHL"),
            "number", List.of("JD0146"));

    Response asked = post(path() + "/fulfill", wish);

    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.asString()).contains("1 × Shirt", "DHL", "JD0146").doesNotContain("Mug");
    awaitStatus("due");
    Map<String, List<String>> confirmed = fields(asked);
    assertThat(post(path() + "/fulfill", confirmed).statusCode()).isEqualTo(303);
    assertThat(post(path() + "/fulfill", confirmed).statusCode()).isEqualTo(303);
    awaitStatus("partially_fulfilled");
    given()
        .get("/orders/{id}", order.value())
        .then()
        .body("lineItems.find { it.id == 'shirt' }.fulfilled", equalTo(1));
    assertThat(page(path() + "?did=fulfill").extract().asString())
        .contains("Marked as fulfilled", "1 × shirt, with tracking")
        .containsPattern("1 × Shirt</td>.*DHL</td>.*JD0146</td>.*this machine");
  }

  @Test
  void aHoldKeepsAnOrderUntilItIsReleased() {
    paid();
    Response asked = post(path() + "/fulfill", Map.of());

    confirm("hold", Map.of("reason", List.of("Looks odd")));
    awaitStatus("on_hold");
    Response refused = post(path() + "/fulfill", fields(asked));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("The order is on hold", "refused");
    confirm("release", Map.of());
    awaitStatus("due");
    assertThat(page(path()).extract().asString())
        .containsPattern("Put on hold</td>.*Looks odd</td>.*this machine")
        .contains("By an agent: Looks odd");
  }

  @Test
  void twoPaymentsOfOneCartNameEachOtherUntilSomebodyDecides() {
    String cart = "cart-" + UUID.randomUUID();
    var first = new OrderId(order + "_first");
    publish(Facts.of(first).naming(cart).paid());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/orders/{id}", first.value()).then().statusCode(200));
    publish(facts.naming(cart).paid());
    awaitStatus("on_hold");

    assertThat(page(path()).extract().asString())
        .contains("Paid twice", "href=\"" + OrderPage.path(first) + "\"", "This one is on hold.")
        .contains("Paid before by order " + first)
        .containsPattern("Put on hold</td>.*>Quittance<");
    assertThat(page(OrderPage.path(first)).extract().asString())
        .contains("Paid twice", "This order was first", "href=\"" + path() + "\"");
    given()
        .get("/orders/{id}", first.value())
        .then()
        .body("duplicates", contains(order.value()))
        .body("duplicateOf", nullValue());
    given().get("/orders/{id}", order.value()).then().body("duplicateOf", equalTo(first.value()));

    assertThat(post(path() + "/release", Map.of()).asString())
        .contains("Order " + first + " was paid before with the same reference");
    confirm("release", Map.of());
    awaitStatus("due");
    assertThat(page(path()).extract().asString())
        .contains("Paid twice")
        .doesNotContain("This one is on hold.");
  }

  @Test
  void onlyWhatTheOrderWouldTakeIsOffered() {
    paid();
    publish(facts.dispute("dp_1", PaymentEvent.DisputeStatus.OPEN));
    awaitStatus("on_hold");

    String disputed = page(path()).extract().asString();
    Response release = post(path() + "/release", Map.of());

    assertThat(disputed)
        .contains("Put on hold…")
        .doesNotContain("Release…", "Fulfill…", "Mark as returned…", path() + "/refund");
    assertThat(release.statusCode()).isEqualTo(409);
    assertThat(release.asString())
        .contains("The order is not on hold by hand.")
        .doesNotContain("may be shipped at once");
    confirm("hold", Map.of());
    assertThat(page(path()).extract().asString()).contains("Release…");
    assertThat(post(path() + "/release", Map.of()).asString())
        .contains("An open dispute keeps the order on hold")
        .doesNotContain("may be shipped at once");
  }

  @Test
  void aRefundIsOfferedWhereTheProviderHasAnApiForIt() {
    paid();
    assertThat(answered(() -> panel(path() + "/refund")))
        .contains("Amount in USD", "stored with the refund at Stripe");

    var elsewhere = new OrderId("paysuper:" + UUID.randomUUID());
    publish(Facts.of(elsewhere).paid());
    String there = "/console/orders/" + elsewhere.value();
    await().atMost(PATIENCE).untilAsserted(() -> page(there).statusCode(200));

    assertThat(answered(() -> panel(there + "/refund")))
        .contains("has no API for refunds")
        .doesNotContain("<form");
    Response asked = post(there + "/refund", Map.of("reason", List.of("duplicate")));
    assertThat(asked.statusCode()).isEqualTo(409);
    assertThat(asked.asString())
        .contains("has no API for refunds")
        .doesNotContain("moves the money");
    NeighborsForTests.away(true);
    assertThat(panel(path() + "/refund")).contains("unknown").doesNotContain("<form");
  }

  @Test
  void aRefundGoesThroughTheProviderWithAKey() {
    paid();

    confirm(
        "refund",
        Map.of(
            "amount", List.of("10.00"), "reason", List.of("duplicate"), "note", List.of("oops")));

    assertThat(NeighborsForTests.asked())
        .anyMatch(asked ->
            asked.matches(
                "POST /refunds console-[0-9a-f-]{36} Bearer token-for-ingest .*"
                    + Pattern.quote(order.value())
                    + ".*\"minorUnits\":1000.*\"reason\":\"duplicate\".*\"note\":\"oops\".*"));
    assertThat(page(path()).extract().asString())
        .contains("Requested refund", "10.00 USD, duplicate")
        .containsPattern(
            "10.00 USD</td>.*duplicate</td>.*oops</td>.*this machine</td>.*done</td>.*re_1");
  }

  @Test
  void whatTheProviderSaysToARefundIsTold() {
    paid();
    Response asked = post(path() + "/refund", Map.of("reason", List.of("fraudulent")));
    assertThat(asked.asString()).contains("all that is left, 30.00 USD");

    Response refused = post(path() + "/refund", fields(asked));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("The bank has the money.");
    NeighborsForTests.away(true);
    Response away = post(path() + "/refund", fields(asked));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.asString()).contains("unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "abc", "10.001", "1e999999999", "30.01", "9999999999999999999999"})
  void whatIsNoPossibleAmountIsNotRefunded(String amount) {
    paid();

    Response refused =
        post(path() + "/refund", Map.of("amount", List.of(amount), "reason", List.of("duplicate")));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(NeighborsForTests.asked()).noneMatch(asked -> asked.contains(order.value()));
  }

  @Test
  void whatIsNoPossibleFormIsRefusedWithASentence() {
    paid();
    record Bad(String action, Map<String, List<String>> form) {}
    for (Bad bad :
        List.of(
            new Bad("refund", Map.of("reason", List.of("fun"))),
            new Bad(
                "refund", Map.of("reason", List.of("duplicate"), "note", List.of("x".repeat(501)))),
            new Bad("fulfill", Map.of("line", List.of("shirt"), "quantity", List.of("-1"))),
            new Bad("fulfill", Map.of("line", List.of("shirt"), "quantity", List.of("one"))),
            new Bad("fulfill", Map.of("line", List.of("shirt"), "quantity", List.of("0"))),
            new Bad("fulfill", Map.of("line", List.of("hat"), "quantity", List.of("1"))),
            new Bad("fulfill", Map.of("line", List.of("shirt"))),
            new Bad("fulfill", Map.of("carrier", List.of("x".repeat(256)))),
            new Bad("hold", Map.of("reason", List.of("x".repeat(4001)))),
            new Bad("resend", Map.of()),
            new Bad("resend", Map.of("receipt", List.of("rc_of_somebody_else"))))) {
      Response refused = post(path() + "/" + bad.action(), bad.form());
      assertThat(refused.statusCode()).as(bad.toString()).isEqualTo(422);
      assertThat(refused.asString()).contains("role=\"alert\"");
    }
    Response tooMuch =
        post(path() + "/fulfill", Map.of("line", List.of("shirt"), "quantity", List.of("3")));
    assertThat(tooMuch.statusCode()).isEqualTo(409);
    awaitStatus("due");
  }

  @Test
  void anOrderThatThereIsNotIsNotFound() {
    page("/console/orders/stripe:pi_nobody").statusCode(404);
    page("/console/orders/nonsense").statusCode(404);
  }

  @Test
  void nothingIsDoneForAFormThatIsNotOurs() {
    paid();

    given()
        .accept("text/html")
        .contentType("application/x-www-form-urlencoded; charset=utf-8")
        .formParam("confirmed", "yes")
        .formParam("key", UUID.randomUUID().toString())
        .post(path() + "/hold")
        .then()
        .statusCode(403);

    awaitStatus("due");
  }

  @Test
  void receiptsAndCodeMailsAreShownWithEachSending() {
    paid();

    assertThat(answered(() -> panel(path() + "/receipts")))
        .contains("SHOP-2026-7", "a…@example.com", "Send again", "code mail")
        .contains("no such user typo@exmaple.com")
        .containsPattern(
            "(?s)Sending 1<.*undeliverable.*o…@example.com.*Sending 2<.*otto, 2026-11-22");
  }

  @Test
  void aReceiptIsSentAgainOnceHoweverOftenItIsConfirmed() {
    paid();
    Response asked = answeredPost("/resend", Map.of("receipt", List.of("rc_1")));
    assertThat(asked.asString()).contains("It is sent to a…@example.com, as before.");

    Map<String, List<String>> confirmed = fields(asked);
    post(path() + "/resend", confirmed);
    post(path() + "/resend", confirmed);

    String key = "console-" + Objects.requireNonNull(confirmed.get("key")).getFirst();
    assertThat(
            NeighborsForTests.asked().stream()
                .filter(did -> did.startsWith("POST /receipts/rc_1/resend " + key)))
        .hasSize(2)
        .allMatch(did -> did.contains("this machine") && !did.contains("\"to\""));
  }

  @Test
  void theAddressOfWhatCouldNotBeDeliveredIsCorrectedAndAudited() {
    paid();
    assertThat(answeredPost("/resend", Map.of("receipt", List.of("rc_2"))).asString())
        .contains("It could not be delivered there", "correct the address");

    confirm("resend", Map.of("receipt", List.of("rc_2"), "to", List.of("typo@example.com")));
    confirm("resend", Map.of("code", List.of("cd_1"), "to", List.of("typo@example.com")));

    assertThat(NeighborsForTests.asked())
        .anyMatch(did ->
            did.startsWith("POST /receipts/rc_2/resend")
                && did.contains("\"to\":\"typo@example.com\""))
        .anyMatch(did ->
            did.startsWith("POST /receipts/codes/cd_1/resend")
                && did.contains("\"to\":\"typo@example.com\""));
    assertThat(page(path()).extract().asString())
        .contains("Sent receipt again", "rc_2, to a corrected address")
        .doesNotContain("typo@example.com");
    for (Map<String, List<String>> bad :
        List.of(
            Map.of("receipt", List.of("rc_2"), "to", List.of("nowhere")),
            Map.of("code", List.of("rc_1")),
            Map.of("receipt", List.of("cd_1")))) {
      assertThat(post(path() + "/resend", bad).statusCode()).isEqualTo(422);
    }
    assertThat(post(path() + "/resend", Map.of("code", List.of("cd_2"))).statusCode())
        .isEqualTo(409);
  }

  /// The answer to a form once the services have answered.
  private Response answeredPost(String action, Map<String, List<String>> form) {
    var last = new AtomicReference<Response>();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          last.set(post(path() + action, form));
          return Objects.requireNonNull(last.get()).statusCode() != 422;
        });
    return Objects.requireNonNull(last.get());
  }

  /// The answer to a form of a page about mails once the services have answered.
  private static Response mailPost(String path, Map<String, List<String>> form) {
    var last = new AtomicReference<Response>();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          last.set(post(path, form));
          return Objects.requireNonNull(last.get()).statusCode() != 503;
        });
    return Objects.requireNonNull(last.get());
  }

  @Test
  void wrongReceiptsAreListedWithWhatWasSentAndWhatIsRight() {
    String list =
        answered(() -> page("/console/wrong-receipts").statusCode(200).extract().asString());

    assertThat(list)
        .containsPattern(
            "(?s)SHOP-2026-9.*stripe:pi_wrong<.*w…@example.com.*30.00 USD.*25.00 USD.*Send correction…")
        .containsPattern("(?s)SHOP-2026-10.*0.00 USD.*an earlier correction is on its way")
        .contains("Send all corrections (1)…")
        .doesNotContain("value=\"rcp_underwayaaaaaaaaaaaaaaaaaa\"");
    assertThat(answered(() -> panel("/console/wrong-receipts/count"))).contains(">1<");
  }

  @Test
  void aCorrectionIsReadBeforeItIsSentAndBothAreWrittenDown() {
    Response asked =
        mailPost(
            "/console/wrong-receipts/correct",
            Map.of("receipt", List.of("rcp_wrongaaaaaaaaaaaaaaaaaaaaa")));

    assertThat(asked.asString())
        .contains("Correction of SHOP-2026-9", "Dear &lt;Wilma&gt;, right is $25.00.", "25.00 USD");
    assertThat(NeighborsForTests.asked())
        .noneMatch(
            did -> did.startsWith("POST /receipts/wrong/rcp_wrongaaaaaaaaaaaaaaaaaaaaa/correct "));
    Response sent = mailPost("/console/wrong-receipts/correct", fields(asked));
    assertThat(sent.statusCode()).as(sent.asString()).isEqualTo(303);
    assertThat(page(relative(sent)).extract().asString()).contains("The correction is on its way.");
    assertThat(NeighborsForTests.asked())
        .anyMatch(did ->
            did.startsWith("POST /receipts/wrong/rcp_wrongaaaaaaaaaaaaaaaaaaaaa/correct ")
                && did.contains("this machine"));
    assertThat(actionsOf("stripe:pi_wrong"))
        .contains(
            "correction.read rcp_wrongaaaaaaaaaaaaaaaaaaaaa done",
            "receipt.correction asked rcp_wrongaaaaaaaaaaaaaaaaaaaaa done");
  }

  @Test
  void aCorrectionThatCantBeSentIsRefusedWithTheReason() {
    Response refused =
        mailPost(
            "/console/wrong-receipts/correct",
            Map.of("receipt", List.of("rcp_underwayaaaaaaaaaaaaaaaaaa")));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("An earlier correction of it is on its way");
    assertThat(
            mailPost(
                    "/console/wrong-receipts/correct",
                    Map.of("receipt", List.of("rcp_nobodyaaaaaaaaaaaaaaaaaaaa")))
                .statusCode())
        .isEqualTo(404);
    for (String none : List.of("", "../x", "rc 3", "preview", "undeliverable", "rcp_short")) {
      assertThat(
              post("/console/wrong-receipts/correct", Map.of("receipt", List.of(none)))
                  .statusCode())
          .isEqualTo(404);
    }
    page("/console/wrong-receipts?after=%00").statusCode(400);
  }

  @Test
  void allCorrectionsAreSentAfterTheyWereCounted() {
    Response asked = mailPost("/console/wrong-receipts/correct-all", Map.of());
    assertThat(asked.asString()).contains("Send 1 correction?");

    Response sent = mailPost("/console/wrong-receipts/correct-all", fields(asked));

    assertThat(sent.statusCode()).isEqualTo(303);
    assertThat(page(relative(sent)).extract().asString())
        .contains("1 correction on the way.", "1 receipt can&#39;t be read by this version")
        .doesNotContain("send again");
  }

  @Test
  void allThatBecameUndeliverableSinceATimeIsSentAgain() {
    String list = answered(() -> page("/console/failed-mail").statusCode(200).extract().asString());
    assertThat(list)
        .contains("stripe:pi_lost", "no such user typo@exmaple.com", "stripe:pi_codes")
        .contains("again (2)…", "Discard code…");
    assertThat(answered(() -> panel("/console/failed-mail/count"))).contains(">2<");
    var wish = Map.of("since", List.of("2026-11-20T14:30"));

    Response asked = mailPost("/console/failed-mail/resend", wish);

    assertThat(asked.asString()).contains("Send 2 mails again?", "since 2026-11-20 14:30:00 UTC");
    Response sent = mailPost("/console/failed-mail/resend", fields(asked));
    assertThat(sent.statusCode()).isEqualTo(303);
    assertThat(page(relative(sent)).extract().asString())
        .contains("1 receipt and 1 code on the way again.", "value=\"2026-11-20T14:30\"");
    assertThat(NeighborsForTests.asked())
        .anyMatch(did ->
            did.startsWith("POST /receipts/resend-undeliverable ")
                && did.contains("\"since\":\"2026-11-20T14:30:00Z\"")
                && did.contains("this machine"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yesterday", "2126-01-01T00:00", "-999999999-01-01T00:00", "2026-13-01T00:00"})
  void whatIsNoTimeIsToldAtItsFieldAndKept(String since) {
    Response refused = mailPost("/console/failed-mail/resend", Map.of("since", List.of(since)));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString())
        .contains("value=\"" + since + "\" aria-invalid=\"true\"", "id=\"since-complaint\"")
        .doesNotContain("again (");
  }

  @Test
  void whereNothingCanBeSentAgainNothingIsOffered() {
    assertThat(
            answered(() ->
                page("/console/failed-mail?since=2001-01-01T08:00")
                    .statusCode(200)
                    .extract()
                    .asString()))
        .contains("No receipt became undeliverable since 2001-01-01 08:00:00")
        .doesNotContain("Send all");
    Response refused =
        mailPost("/console/failed-mail/resend", Map.of("since", List.of("2001-01-01T08:00")));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("Nothing that became undeliverable since then");
  }

  @Test
  void aCodeThatNobodyGotIsDiscardedAfterASecondLookAndAudited() {
    paid();
    assertThat(answered(() -> panel(path() + "/receipts"))).containsOnlyOnce("Discard code…");
    var wish = Map.of("order", List.of(order.value()), "code", List.of("cd_1"));

    Response asked = mailPost("/console/failed-mail/discard", wish);

    assertThat(asked.asString()).contains("Discard this code for good?", "t…@exmaple.com");
    assertThat(NeighborsForTests.asked()).noneMatch(did -> did.contains("/discard"));
    Response done = mailPost("/console/failed-mail/discard", fields(asked));
    assertThat(done.statusCode()).as(done.asString()).isEqualTo(303);
    assertThat(page(relative(done)).extract().asString())
        .contains("The code is discarded.")
        .containsPattern("(?s)Discarded code</td>.*cd_1</td>.*done</td>");
    assertThat(NeighborsForTests.asked())
        .anyMatch(did ->
            did.startsWith("POST /receipts/codes/cd_1/discard console-")
                && did.contains("this machine"));
    assertThat(
            mailPost(
                    "/console/failed-mail/discard",
                    Map.of("order", List.of(order.value()), "code", List.of("cd_2")))
                .statusCode())
        .isEqualTo(409);
    assertThat(
            mailPost(
                    "/console/failed-mail/discard",
                    Map.of("order", List.of(order.value()), "code", List.of("rc_1")))
                .statusCode())
        .isEqualTo(404);
    assertThat(post("/console/failed-mail/discard", Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void pagesAboutMailsSayThatReceiptServiceIsAway() {
    NeighborsForTests.away(true);

    for (String path : List.of("/console/failed-mail", "/console/wrong-receipts")) {
      assertThat(page(path).statusCode(200).extract().asString())
          .contains("receipt-service can&#39;t be reached");
      assertThat(panel(path + "/count")).doesNotContain("badge");
    }
    assertThat(post("/console/wrong-receipts/correct-all", Map.of()).statusCode()).isEqualTo(503);
    assertThat(
            post("/console/failed-mail/resend", Map.of("since", List.of("2026-11-20T14:30")))
                .statusCode())
        .isEqualTo(503);
  }

  /// What was done to something, each as `action detail outcome`.
  private List<String> actionsOf(String subject) {
    try {
      return audit.of(subject, 50).stream()
          .map(entry -> entry.action() + " " + entry.detail() + " " + entry.outcome())
          .toList();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pagesWorkWithoutTheirNeighbors() {
    paid();
    NeighborsForTests.away(true);

    page(path()).statusCode(200);
    assertThat(panel(path() + "/receipts")).contains("can&#39;t be reached");
    assertThat(page("/console/webhooks").statusCode(200).extract().asString())
        .contains("can&#39;t be reached", "Registering the URL");
    assertThat(panel("/console/webhooks/checklist")).contains("unknown", "by hand");
    assertThat(panel("/console/health/services")).contains("away or not ready", "this service");
    assertThat(panel("/console/health/outbox")).contains("can&#39;t be reached", "Events");
    assertThat(panel("/console/health/ledger"))
        .contains("can&#39;t be reached", "payments.events.v1");
  }

  @Test
  void endpointsDeliveriesAndFailuresAreShown() {
    assertThat(
            answered(() ->
                page("/console/webhooks?endpoint=stripe&outcome=refused")
                    .statusCode(200)
                    .extract()
                    .asString()))
        .contains("http://127.0.0.1:8081/webhooks/stripe", "published", "no key")
        .contains("only metadata.shop=eu")
        .contains("signature wrong", "Another secret than the provider&#39;s");
    assertThat(answered(() -> panel("/console/webhooks/checklist")))
        .contains("with secrets that everybody knows: stripe", "open", "done")
        .contains("Taken are only those with metadata.shop=eu")
        .contains("3 on this pod since 2026-11-22 09:00:00 UTC");
  }

  @Test
  void anEndpointIsTriedWithASignedSample() {
    Response tried = post("/console/webhooks/stripe/test", Map.of());

    assertThat(tried.statusCode()).isEqualTo(200);
    assertThat(tried.asString())
        .contains(
            "The endpoint works", "t=1,v1=4f1cd7fe…", "evt_&lt;sample&gt;", "200 after 4.5 ms");
    assertThat(post("/console/webhooks/nobody/test", Map.of()).statusCode()).isEqualTo(404);
    NeighborsForTests.away(true);
    assertThat(post("/console/webhooks/stripe/test", Map.of()).statusCode()).isEqualTo(503);
  }

  @Test
  void aDeadLetterIsLookedAtAndSentBack() {
    send(Topic.PAYMENT_EVENTS.topicName(), order.value(), "no <JSON> at all", Map.of());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(page("/console/dead-letters").extract().asString()).contains(order.value()));
    String list = page("/console/dead-letters?reason=unreadable").extract().asString();
    String message = messageOf(list);
    assertThat(list).doesNotContain("no &lt;JSON&gt;");

    assertThat(post("/console/dead-letters/reveal", Map.of("one", List.of(message))).asString())
        .contains("no &lt;JSON&gt; at all", "unreadable");
    Response asked =
        post(
            "/console/dead-letters/redrive",
            Map.of("letter", List.of(message), "reason", List.of("unreadable")));
    assertThat(asked.asString()).contains("Send back 1 failed message?");
    Response sent = post("/console/dead-letters/redrive", fields(asked));

    assertThat(sent.statusCode()).isEqualTo(303);
    assertThat(page(relative(sent)).extract().asString()).contains("1 sent back.");
    assertThat(page("/console/dead-letters?settled=yes").extract().asString())
        .contains("redriven by this machine");
    // it is as unreadable as before, so it comes back as a new one
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(page("/console/dead-letters").extract().asString()).contains(order.value()));
    String again = messageOf(page("/console/dead-letters").extract().asString());
    assertThat(again).isNotEqualTo(message);
    Response discarded =
        post(
            "/console/dead-letters/discard",
            fields(
                post(
                    "/console/dead-letters/discard",
                    Map.of(
                        "all", List.of("yes"),
                        "topic", List.of("payments.events.v1.quittance-fulfillment.dlq")))));
    assertThat(discarded.statusCode()).isEqualTo(303);
    assertThat(relative(discarded))
        .contains("topic=payments.events.v1.quittance-fulfillment.dlq&reason=&did=");
    assertThat(page(relative(discarded)).extract().asString())
        .contains("discarded.", "selected>payments.events.v1.quittance-fulfillment.dlq");
    assertThat(page("/console/dead-letters").extract().asString()).doesNotContain(order.value());
  }

  @Test
  void messagesThatThereAreNotAreNotFound() {
    assertThat(post("/console/dead-letters/redrive", Map.of()).statusCode()).isEqualTo(422);
    assertThat(
            post("/console/dead-letters/reveal", Map.of("one", List.of("nonsense"))).statusCode())
        .isEqualTo(404);
    assertThat(
            post(
                    "/console/dead-letters/redrive",
                    Map.of("letter", List.of("payments.webhooks.v1:0:0")))
                .statusCode())
        .isEqualTo(404);
    for (String filter : List.of("topic=%00", "topic=orders", "reason=..", "after=x")) {
      page("/console/dead-letters?" + filter).statusCode(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"services", "brokers", "lag", "outbox", "letters", "ledger"})
  void eachPartOfHealthStandsByItself(String part) {
    page("/console/health").statusCode(200);

    assertThat(answered(() -> panel("/console/health/" + part)))
        .doesNotContain("<html", "can&#39;t be reached");
    assertThat(page("/console/health/" + part).statusCode(200).extract().asString())
        .contains("<html", "<h1>");
  }

  @Test
  void lagAndConservationAreCounted() {
    paid();

    assertThat(answered(() -> panel("/console/health/lag")))
        .contains("quittance-fulfillment", "quittance-translate", "fulfillment.commands.v1");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(panel("/console/health/ledger"))
                .contains("fulfillment-service", "balanced, nothing in flight"));
    assertThat(answered(() -> panel("/console/health/brokers")))
        .contains("healthy")
        .doesNotContain("Missing topics");
  }

  private void paid() {
    publish(facts.paid());
    awaitStatus("due");
  }

  private void publish(PaymentFact fact) {
    CloudEvent event = Records.event(fact);
    send(
        Topic.PAYMENT_EVENTS.topicName(),
        event.subject().value(),
        new String(event.data(), UTF_8),
        event.headers());
  }

  private void send(String topic, String key, String value, Map<String, String> headers) {
    try (var producer =
        new KafkaProducer<byte[], byte[]>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var record = new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8));
      headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
      assertThat(producer.send(record)).succeedsWithin(PATIENCE);
    }
  }

  private void awaitStatus(String fulfillmentStatus) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            given()
                .get("/orders/{id}", order.value())
                .then()
                .statusCode(200)
                .body("fulfillmentStatus", equalTo(fulfillmentStatus)));
  }

  private String path() {
    return "/console/orders/" + order.value();
  }

  private void confirm(String action, Map<String, List<String>> form) {
    Response asked = post(path() + "/" + action, form);
    assertThat(asked.statusCode()).isEqualTo(200);
    Response done = post(path() + "/" + action, fields(asked));
    assertThat(done.statusCode()).as(done.asString()).isEqualTo(303);
    assertThat(done.header("Location")).endsWith("?did=" + action);
  }

  private static ValidatableResponse page(String path) {
    return given().urlEncodingEnabled(false).accept("text/html").get(path).then();
  }

  private static String panel(String path) {
    return given()
        .accept("text/html")
        .header("HX-Request", "true")
        .get(path)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  /// What is shown once the services have answered: they are waited for some seconds only, which a
  /// machine that is busy with much else may miss.
  private static String answered(Supplier<String> look) {
    var last = new AtomicReference<>("");
    await()
        .atMost(PATIENCE)
        .until(() -> {
          String seen = look.get();
          last.set(seen);
          return !seen.contains("can&#39;t be reached");
        });
    return Objects.requireNonNull(last.get());
  }

  /// Posts a form as a browser does that has seen one of our pages.
  private static Response post(String path, Map<String, List<String>> form) {
    Response page = given().accept("text/html").get("/console/health");
    RequestSpecification request =
        given()
            .redirects()
            .follow(false)
            .accept("text/html")
            .contentType("application/x-www-form-urlencoded; charset=utf-8")
            .cookie("quittance-csrf", page.cookie("quittance-csrf"))
            .formParam("csrf", tokenOf(page));
    form.forEach((name, values) -> values.forEach(value -> request.formParam(name, value)));
    return request.post(path);
  }

  private static String tokenOf(Response page) {
    Matcher matcher = Pattern.compile("X-CSRF-Token\":\"([0-9a-f]{64})\"").matcher(page.asString());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  /// The hidden fields of the form that asks for a confirmation, the token apart.
  private static Map<String, List<String>> fields(Response asked) {
    var fields = new HashMap<String, List<String>>();
    Matcher matcher = FIELD.matcher(asked.asString());
    while (matcher.find()) {
      if (!matcher.group(1).equals("csrf")) {
        fields.computeIfAbsent(matcher.group(1), _ -> new ArrayList<>()).add(matcher.group(2));
      }
    }
    assertThat(fields).containsKeys("confirmed", "key");
    return fields;
  }

  /// Where an answer leads, on this server.
  private static String relative(Response answer) {
    String location = answer.header("Location");
    return location.substring(location.indexOf("/console"));
  }

  /// The message in whose row the order stands.
  private String messageOf(String list) {
    for (String row : list.split("<tr>")) {
      Matcher matcher = Pattern.compile("name=\"one\" value=\"([^\"]+)\"").matcher(row);
      if (row.contains(order.value()) && matcher.find()) {
        return matcher.group(1);
      }
    }
    throw new AssertionError("no message of " + order);
  }
}
