package dev.quittance.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.ReceiptEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.fuzz.RestEndpoints;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole service: events in by Kafka, mails out by SMTP, news out by Kafka.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class ReceiptServiceTest {

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private final Shop shop = Shop.order("pi_" + UUID.randomUUID());
  private final String to = UUID.randomUUID() + "@example.com";

  @ConfigProperty(name = "kafka.bootstrap.servers")
  @SuppressWarnings("NullAway.Init") // injected
  String kafka;

  @Inject
  @SuppressWarnings("NullAway.Init") // injected
  DataSource database;

  /// By the operator's own hand.
  private static RequestSpecification given() {
    return with(ServicesForTests.OPERATOR);
  }

  private static RequestSpecification with(String token) {
    return RestAssured.given().header("Authorization", "Bearer " + token);
  }

  private void publish(PaymentFact... facts) {
    for (PaymentFact fact : facts) {
      CloudEvent event = TestShop.event(fact);
      var toSend = toSend(event.subject().value(), event.data());
      event
          .headers()
          .forEach(
              (name, value) -> toSend.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      publish(toSend);
    }
  }

  private static ProducerRecord<byte[], byte[]> toSend(String key, byte[] value) {
    return new ProducerRecord<>(
        Topic.PAYMENT_EVENTS.topicName(), key.getBytes(StandardCharsets.UTF_8), value);
  }

  private void publish(ProducerRecord<byte[], byte[]> toSend) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(toSend).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private List<MimeMessage> mailbox() {
    return Arrays.stream(ServicesForTests.mail().getReceivedMessages())
        .filter(mail -> {
          try {
            return mail.getAllRecipients()[0].toString().equals(to);
          } catch (MessagingException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }

  private static String header(MimeMessage mail, String name) {
    try {
      return mail.getHeader(name)[0];
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private List<ReceiptEvent> news() {
    var events = new ArrayList<ReceiptEvent>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topic.RECEIPT_EVENTS.topicName()));
      Eventually.holds(
          "the receipt's news",
          () -> {
            consumer
                .poll(Duration.ofMillis(200))
                .forEach(polled -> {
                  if (new String(polled.key(), StandardCharsets.UTF_8)
                      .equals(shop.order().value())) {
                    var event =
                        CloudEvent.read(
                            name -> {
                              Header header = polled.headers().lastHeader(name);
                              return header == null ? null : header.value();
                            },
                            polled.value());
                    events.add(event.data(ReceiptEvent.Sent.class));
                  }
                });
            return !events.isEmpty();
          });
    }
    return events;
  }

  @Test
  void paymentThatIsToldFiveTimesIsOneMail() {
    PaymentFact paid = shop.paidBy(0, 3000, to);

    publish(paid, paid, paid, paid, paid);

    Eventually.holds("the mail", () -> !mailbox().isEmpty());
    given()
        .queryParam("order", shop.order().value())
        .get("/receipts")
        .then()
        .statusCode(200)
        .body("receipts", hasSize(1))
        .body("receipts[0].order", equalTo(shop.order().value()))
        .body("receipts[0].kind", equalTo("payment"))
        .body("receipts[0].to", equalTo(to.charAt(0) + "…@example.com"))
        .body("receipts[0].amount.minorUnits", equalTo(3000))
        .body("receipts[0].amount.currency", equalTo("USD"))
        .body("receipts[0].attempts", equalTo(1));
    Eventually.holds(
        "sent",
        () ->
            given()
                .queryParam("order", shop.order().value())
                .get("/receipts")
                .jsonPath()
                .getString("receipts[0].status")
                .equals("sent"));
    publish(paid);
    publish(shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    Eventually.holds("the refund's mail", () -> mailbox().size() == 2);
    assertThat(mailbox())
        .extracting(mail -> header(mail, "Subject"))
        .containsExactly(
            "Your receipt from Example Shop: $30.00", "Your refund from Example Shop: $10.00");

    given()
        .queryParam("order", shop.order().value())
        .get("/receipts")
        .then()
        .body("receipts.kind", contains("payment", "refund"));
    assertThat(news().getFirst())
        .isInstanceOfSatisfying(
            ReceiptEvent.Sent.class,
            sent -> {
              assertThat("<" + sent.messageId() + ">")
                  .isEqualTo(header(mailbox().getFirst(), "Message-ID"));
              assertThat(sent.kind()).isEqualTo(ReceiptEvent.Kind.PAYMENT);
            });
  }

  @Test
  void receiptIsSentAgainToACorrectedAddress() {
    publish(shop.paidBy(0, 3000, "wrong-" + to));
    Eventually.holds("sent", () -> status().equals("sent"));
    String id = receipt("id");

    given()
        .contentType("application/json")
        .body(Map.of("to", to, "by", "support"))
        .post("/receipts/" + id + "/resend")
        .then()
        .statusCode(202)
        .body("id", equalTo(id))
        .body("to", equalTo(to.charAt(0) + "…@example.com"));

    Eventually.holds("the second mail", () -> mailbox().size() == 1);
    Eventually.holds("sent", () -> status().equals("sent"));
    assertThat(header(mailbox().getFirst(), "Message-ID")).isEqualTo("<" + id + ".2@example.com>");
  }

  @Test
  void doubleClickIsOneSendingAndEachSendingIsListed() {
    publish(shop.paidBy(0, 3000, to));
    Eventually.holds("sent", () -> status().equals("sent"));
    String id = receipt("id");
    String firstSentAt = receipt("sentAt");
    Supplier<ValidatableResponse> resend =
        () ->
            given()
                .header("Idempotency-Key", "form-1")
                .contentType("application/json")
                .body(Map.of("by", "support"))
                .post("/receipts/" + id + "/resend")
                .then()
                .statusCode(202);
    String first = resend.get().extract().asString();
    Eventually.holds("the second mail", () -> mailbox().size() == 2);
    Eventually.holds("sent", () -> status().equals("sent"));

    assertThat(resend.get().extract().asString()).isEqualTo(first);

    given()
        .header("Idempotency-Key", "form-1")
        .contentType("application/json")
        .body(Map.of("by", "support", "to", "other-" + to))
        .post("/receipts/" + id + "/resend")
        .then()
        .statusCode(422)
        .contentType("application/problem+json");
    given()
        .get("/receipts/" + id)
        .then()
        .statusCode(200)
        .contentType("application/json")
        .body("receipt.id", equalTo(id))
        .body("receipt.sentAt", equalTo(firstSentAt))
        .body("receipt.sendings", equalTo(2))
        .body("sendings.number", contains(1, 2))
        .body("sendings.status", contains("sent", "sent"))
        .body("sendings[0].sentAt", equalTo(firstSentAt))
        .body("sendings[0].askedBy", equalTo(null))
        .body("sendings[1].askedBy", equalTo("operator-token (support)"))
        .body("sendings[1].to", equalTo(to.charAt(0) + "…@example.com"));
    assertThat(mailbox()).hasSize(2);
    RestAssured.given().get("/receipts/" + id).then().statusCode(401);
    given().get("/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa").then().statusCode(404);
    given().get("/receipts/rcp_unknown").then().statusCode(404);
  }

  /// What was to be counted would be done otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/receipts/replan?dry-run=yes",
        "/receipts/replan?dry-run=",
        "/receipts/replan?dryRun=true",
        "/receipts/replan?dry-run=false&dry-run=true",
        "/receipts/replan?limit=many",
        "/receipts/replan?after=%00",
        "/receipts/wrong/correct-all?dry-run=true"
      })
  void anAddressThatCannotBeMeantLikeThatDoesNothing(String address) {
    given()
        .urlEncodingEnabled(false)
        .post(address)
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dry-run\": true}",
        "{\"dryRun\": true, \"dryRun\": false}",
        "{\"dryRun\": false} {\"dryRun\": true}",
        "{\"by\": \"a\\u0000b\"}"
      })
  void aBodyThatCannotBeMeantLikeThatDoesNothing(String body) {
    given()
        .contentType("application/json")
        .body(body)
        .post("/receipts/wrong/correct-all")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z"})
  void aTimeThatNoDatabaseHasIsNone(String since) {
    given()
        .contentType("application/json")
        .body(Map.of("since", since, "dryRun", true))
        .post("/receipts/resend-undeliverable")
        .then()
        .statusCode(400);
  }

  @Test
  void nothingIsBehindAPlaceThatIsNone() {
    given()
        .urlEncodingEnabled(false)
        .get("/receipts/wrong?after=%00")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @Test
  void whatWasGivenUpIsCountedBeforeItIsSentAgain() {
    given()
        .contentType("application/json")
        .body(Map.of("since", "2126-01-01T00:00:00Z", "dryRun", true))
        .post("/receipts/resend-undeliverable")
        .then()
        .statusCode(200)
        .body("receipts", equalTo(0))
        .body("dryRun", equalTo(true));
    given()
        .contentType("application/json")
        .body(Map.of("since", "2126-01-01T00:00:00Z", "by", "support"))
        .post("/receipts/resend-undeliverable")
        .then()
        .statusCode(202)
        .body("receipts", equalTo(0))
        .body("remaining", equalTo(0));
    given().post("/receipts/resend-undeliverable").then().statusCode(400);
    given()
        .contentType("application/json")
        .body(Map.of("since", "yesterday"))
        .post("/receipts/resend-undeliverable")
        .then()
        .statusCode(400);
    given().post("/receipts/codes/cod_unknown/resend").then().statusCode(404);
  }

  @Test
  void whoeverMayOnlyLookSeesNobodysReceipts() {
    for (String path :
        List.of(
            "/receipts?order=stripe:pi_1",
            "/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "/receipts/undeliverable?since=2026-01-01T00:00:00Z",
            "/receipts/wrong/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/correction",
            "/receipts/wrong")) {
      with(ServicesForTests.VIEWER).get(path).then().statusCode(403);
    }
    with(ServicesForTests.VIEWER).get("/receipts/preview").then().statusCode(200);
  }

  @Test
  void whatFailedIsListedSinceATime() {
    given()
        .get("/receipts/undeliverable?since=2126-01-01T00:00:00Z")
        .then()
        .statusCode(200)
        .body("receiptsInAll", equalTo(0))
        .body("resendable", equalTo(0));
    for (String none :
        List.of("", "?since=yesterday", "?since=-1000000000-01-01T00:00:00Z", "?since=%00")) {
      given().get("/receipts/undeliverable" + none).then().statusCode(400);
    }
  }

  @Test
  void codeIsDiscardedByAdministratorsOnly() {
    given().post("/receipts/codes/cod_unknown/discard").then().statusCode(403);
    with(ServicesForTests.ADMIN).post("/receipts/codes/cod_unknown/discard").then().statusCode(404);
  }

  @Test
  void aWrongReceiptIsCorrectedByMailWhenAnOperatorAsks() {
    publish(shop.paidBy(0, 3000, to));
    Eventually.holds("sent", () -> status().equals("sent"));
    String id = receipt("id");
    String number = receipt("number");
    publish(shop.fact(0, 2, shop.paidBy(0, 2500, to).event()));
    Eventually.holds(
        "listed",
        () ->
            given()
                .get("/receipts/wrong?after=")
                .then()
                .extract()
                .jsonPath()
                .getList("receipts.receipt.id")
                .contains(id));
    given()
        .get("/receipts/wrong/" + id + "/correction")
        .then()
        .statusCode(200)
        .body("receipt.receipt.id", equalTo(id))
        .body("receipt.correctable", equalTo(true))
        .body("subject", containsString(number))
        .body("text", containsString("25.00"))
        .body("text", containsString("30.00"));
    assertThat(mailbox()).hasSize(1);
    given().get("/receipts/wrong").then().body("correctable", greaterThan(0));
    given()
        .contentType("application/json")
        .body(Map.of("dryRun", true))
        .post("/receipts/wrong/correct-all")
        .then()
        .statusCode(200)
        .body("corrections", greaterThan(0))
        .body("dryRun", equalTo(true));

    for (int i = 0; i < 2; i++) {
      given()
          .contentType("application/json")
          .body(Map.of("by", "support"))
          .post("/receipts/wrong/" + id + "/correct")
          .then()
          .statusCode(202)
          .body("kind", equalTo("correction"))
          .body("amount.minorUnits", equalTo(2500));
    }

    Eventually.holds("corrected", () -> mailbox().size() == 2);
    assertThat(header(mailbox().getLast(), "Subject")).contains(number);
    given().get("/receipts/wrong?after=").then().body("receipts.receipt.id", not(hasItem(id)));
    given().get("/receipts/wrong/" + id + "/correction").then().statusCode(409);
  }

  @Test
  void correctingIsRefusedWhereItMakesNoSense() {
    for (String cursor : List.of("%00", "rcp_1", "rcp_%00aaaaaaaaaaaaaaaaaaaaaaaaa")) {
      given()
          .urlEncodingEnabled(false)
          .get("/receipts/wrong?after=" + cursor)
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
      given()
          .urlEncodingEnabled(false)
          .post("/receipts/replan?dry-run=true&after=" + cursor)
          .then()
          .statusCode(400);
    }
    given().post("/receipts/wrong/rcp_unknown/correct").then().statusCode(404);
    given().get("/receipts/wrong/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/correction").then().statusCode(404);
    given()
        .post("/receipts/wrong/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/correct")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    given()
        .contentType("application/json")
        .body("{nonsense")
        .post("/receipts/wrong/correct-all")
        .then()
        .statusCode(400);
  }

  @Test
  void resendingIsRefusedWhereItMakesNoSense() {
    given().post("/receipts/rcp_unknown/resend").then().statusCode(404);
    given()
        .post("/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/resend")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    given()
        .contentType("application/json")
        .body(Map.of("to", "a@example.com, b@example.com"))
        .post("/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/resend")
        .then()
        .statusCode(400);
    given()
        .contentType("application/json")
        .body("{nonsense")
        .post("/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/resend")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @Test
  void orderWithoutAddressCanBeSentByHand() {
    publish(shop.paidBy(0, 3000, null));
    Eventually.holds("skipped", () -> status().equals("skipped"));
    String id = receipt("id");

    given().post("/receipts/" + id + "/resend").then().statusCode(400);
    given()
        .contentType("application/json")
        .body(Map.of("to", to))
        .post("/receipts/" + id + "/resend")
        .then()
        .statusCode(202);

    Eventually.holds("the mail", () -> mailbox().size() == 1);
  }

  @Test
  void previewShowsWhatReceiptsLookLike() {
    given()
        .queryParam("kind", "refund")
        .queryParam("locale", "de")
        .get("/receipts/preview")
        .then()
        .statusCode(200)
        .contentType("text/html")
        .header("Content-Security-Policy", startsWith("default-src 'none'"))
        .body(containsString("Erstattung"));
    given().queryParam("kind", "bill").get("/receipts/preview").then().statusCode(400);
    given().queryParam("currency", "XXX").get("/receipts/preview").then().statusCode(400);
  }

  @Test
  void whoeverHasNoTokenGetsInNowhere() throws Exception {
    assertThat(
            RestEndpoints.wrong(
                RestAssured.port,
                LocalOperatorTest.endpoints(),
                RestEndpoints.withToken(RestAssured.port, ServicesForTests.ADMIN)))
        .isEmpty();
  }

  @Test
  void nobodyButTheOperatorIsLetIn() {
    for (String path :
        List.of(
            "/receipts?order=stripe:pi_1", "/receipts/preview", "/receipts/preview?format=pdf")) {
      RestAssured.given()
          .get(path)
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", "Bearer")
          .contentType("application/problem+json");
      for (String wrong :
          List.of("Bearer wrong", "Bearer ", "Basic dGVzdC1vcGVyYXRvcg==", "test-operator")) {
        RestAssured.given().header("Authorization", wrong).get(path).then().statusCode(401);
      }
    }
    for (String path :
        List.of(
            "/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/resend",
            "/receipts/resend-undeliverable",
            "/receipts/codes/cod_a/resend",
            "/receipts/codes/cod_a/discard",
            "/receipts/wrong/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/correct",
            "/receipts/wrong/correct-all",
            "/receipts/test-mail")) {
      RestAssured.given().post(path).then().statusCode(401);
      RestAssured.given()
          .header("Authorization", "Bearer wrong")
          .contentType("application/json")
          .body(Map.of("to", to))
          .post(path)
          .then()
          .statusCode(401);
    }
    // the customer's page needs nothing but its token
    RestAssured.given().get("/receipts/" + UUID.randomUUID()).then().statusCode(404);
    RestAssured.given().get("/receipts/" + UUID.randomUUID() + "/pdf").then().statusCode(404);
    assertThat(mailbox()).isEmpty();
  }

  @Test
  void whoAskedForWhatNoTableHasIsLogged() {
    try (var logged = new Logged()) {
      given()
          .contentType("application/json")
          .body(Map.of("to", to))
          .post("/receipts/test-mail")
          .then()
          .statusCode(200);
      given()
          .urlEncodingEnabled(false)
          .post("/receipts/replan?limit=1&after=zz:z%0Aline")
          .then()
          .statusCode(200);
      given().post("/receipts/replan?dry-run=true&limit=2").then().statusCode(200);

      assertThat(logged.lines())
          .contains(
              "testmail.asked by=operator-token",
              "receipts.replan_asked after=zz%3Az%0Aline limit=1 by=operator-token")
          .noneMatch(line -> line.contains("limit=2") || line.contains(to));
    }
  }

  @Test
  void testMailTellsWhatTheServerSays() {
    given()
        .contentType("application/json")
        .body(Map.of("to", to))
        .post("/receipts/test-mail")
        .then()
        .statusCode(200)
        .body("accepted", equalTo(true))
        .body("server", startsWith("220 "))
        .body("tls", equalTo(null));
    assertThat(mailbox()).hasSize(1);
    given().post("/receipts/test-mail").then().statusCode(400);
    given()
        .contentType("application/json")
        .body(Map.of("to", "a@example.com, b@example.com"))
        .post("/receipts/test-mail")
        .then()
        .statusCode(400);
  }

  @Test
  void customerSeesTheReceiptAndItsPdfUntilErased() {
    publish(shop.paidBy(0, 3000, to));
    Eventually.holds("the mail", () -> !mailbox().isEmpty());
    Eventually.holds("sent", () -> status().equals("sent"));
    assertThat(parts(mailbox().getFirst())).contains("application/pdf").contains("receipt-stripe-");
    String token = token();

    RestAssured.given()
        .get("/receipts/" + token)
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body(containsString("href=\"" + token + "/pdf\""));
    byte[] pdf =
        RestAssured.given()
            .get("/receipts/" + token + "/pdf")
            .then()
            .statusCode(200)
            .contentType("application/pdf")
            .header("Content-Disposition", startsWith("inline; filename=\"receipt-stripe-"))
            .extract()
            .asByteArray();
    assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");

    publish(new CustomerNotice.CustomerErased(shop.order(), Shop.NOON));
    Eventually.holds(
        "gone", () -> RestAssured.given().get("/receipts/" + token).statusCode() == 410);
    RestAssured.given().get("/receipts/" + token + "/pdf").then().statusCode(410);
    given().post("/receipts/" + receipt("id") + "/resend").then().statusCode(410);
    assertThat(receipt("to")).isEmpty();
    assertThat(status()).isEqualTo("sent");
  }

  @Test
  void codeComesInAMailOfItsOwnAndTheApiNeverShowsIt() {
    publish(shop.paidBy(0, 3000, to));
    var delivered =
        new CustomerNotice.CodeDelivered(
            shop.order(), new EventId("d1"), List.of(), "GAME-KEY-4711", Shop.NOON);

    publish(delivered);
    publish(delivered);

    Eventually.holds("two mails", () -> mailbox().size() == 2);
    Eventually.holds(
        "sent",
        () ->
            "sent"
                .equals(
                    given()
                        .queryParam("order", shop.order().value())
                        .get("/receipts")
                        .jsonPath()
                        .getString("codes[0].status")));
    assertThat(given().queryParam("order", shop.order().value()).get("/receipts").asString())
        .doesNotContain("GAME-KEY")
        .doesNotContain(to);
    assertThat(mailbox()).filteredOn(mail -> parts(mail).contains("GAME-KEY-4711")).hasSize(1);
  }

  private void publish(CustomerNotice mail) {
    CloudEvent event = TestShop.event(mail);
    var toSend =
        new ProducerRecord<byte[], byte[]>(
            Topic.FULFILLMENT_LETTERS.topicName(),
            mail.order().value().getBytes(StandardCharsets.UTF_8),
            event.data());
    event
        .headers()
        .forEach(
            (name, value) -> toSend.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    publish(toSend);
  }

  private static String parts(MimeMessage mail) {
    var raw = new ByteArrayOutputStream();
    try {
      mail.writeTo(raw);
    } catch (IOException | MessagingException e) {
      throw new AssertionError(e);
    }
    return raw.toString(StandardCharsets.US_ASCII);
  }

  private String token() {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT token FROM mails WHERE order_id = ?")) {
      statement.setString(1, shop.order().value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tokensThatOpenNothingAreNotFound() {
    given().get("/receipts/" + UUID.randomUUID()).then().statusCode(404);
    given().get("/receipts/nonsense").then().statusCode(404);
  }

  private String receipt(String field) {
    String value =
        given()
            .queryParam("order", shop.order().value())
            .get("/receipts")
            .jsonPath()
            .getString("receipts[0]." + field);
    return value == null ? "" : value;
  }

  private String status() {
    return receipt("status");
  }

  @Test
  void recordThatCannotBeReadHarmsNoOther() {
    publish(toSend(shop.order().value(), "no event".getBytes(StandardCharsets.UTF_8)));
    publish(shop.paidBy(0, 3000, to));

    Eventually.holds("the mail", () -> !mailbox().isEmpty());
  }

  @Test
  void questionWithoutAnOrderIsAProblem() {
    given()
        .get("/receipts")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400))
        .body("detail", equalTo("Say which order: ?order={account}:{payment reference}."));
    given()
        .queryParam("order", "nonsense")
        .get("/receipts")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @Test
  void unknownOrderHasNoReceipts() {
    given()
        .queryParam("order", "stripe:pi_unknown")
        .get("/receipts")
        .then()
        .statusCode(200)
        .body("receipts", hasSize(0));
  }

  @Test
  void whatIsNotThereIsAProblemToo() {
    given().get("/nothing").then().statusCode(404).contentType("application/problem+json");
    given().delete("/receipts").then().statusCode(405).contentType("application/problem+json");
  }

  @Test
  void serviceSaysThatItIsReadyAndCountsItsWork() {
    given().get("/readiness").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/health/ready").then().statusCode(404);
    given().get("/q/metrics").then().statusCode(404);
    given().get("/q/openapi").then().statusCode(200);
    RestAssured.get(management.resolve("/q/health/ready")).then().statusCode(200);
    String metrics = RestAssured.get(management.resolve("/q/metrics")).asString();

    assertThat(metrics)
        .contains("quittance_receipts_backlog")
        .contains("quittance_receipts_oldest_seconds")
        .containsPattern("quittance_receipts_wrong(\\{[^}]*})? [0-9]")
        .contains("quittance_outbox_oldest_age_seconds");
  }
}
