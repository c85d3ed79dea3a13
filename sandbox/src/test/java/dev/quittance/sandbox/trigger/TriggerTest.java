package dev.quittance.sandbox.trigger;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeObject;
import com.stripe.model.checkout.Session;
import com.stripe.net.Webhook;
import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.SandboxForTests;
import dev.quittance.sandbox.delivery.Signatures;
import dev.quittance.sandbox.events.JsonText;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Triggers against a real HTTP receiver; what it got is read with Stripe's own library.
@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class TriggerTest {

  private final Receiver receiver = SandboxForTests.receiver();

  @BeforeEach
  void forget() {
    receiver.forget();
    receiver.answer(200);
  }

  @Test
  void completedCheckoutIsOneSignedEventThatStripesLibraryReads() throws Exception {
    trigger("checkout.session.completed")
        .body("deliveries", hasSize(1))
        .body("deliveries[0].status", is(200))
        .body("orders", hasSize(1))
        .body("orders[0]", startsWith("stripe:pi_"))
        .body("emails", hasSize(1));

    Session session = (Session) objects().getFirst();
    assertThat(session.getAmountTotal()).isEqualTo(3_000);
    assertThat(session.getCurrency()).isEqualTo("usd");
    assertThat(session.getPaymentStatus()).isEqualTo("paid");
    assertThat(session.getStatus()).isEqualTo("complete");
    assertThat(session.getPaymentIntent()).startsWith("pi_");
    assertThat(session.getCustomerDetails().getEmail()).endsWith("@example.com");
  }

  @Test
  void allEventsOfOnePaymentAgree() throws Exception {
    trigger(Map.of("event", "charge.refunded", "enabled", List.of("*")))
        .body("orders", hasSize(1))
        .body("emails", hasSize(1))
        .body(
            "deliveries.event",
            contains(
                "payment_intent.created",
                "charge.succeeded",
                "payment_intent.succeeded",
                "checkout.session.completed",
                "refund.created",
                "charge.refunded"));

    List<StripeObject> objects = objects();
    String intent = ((PaymentIntent) objects.getFirst()).getId();
    assertThat(((Charge) objects.get(1)).getPaymentIntent()).isEqualTo(intent);
    assertThat(((PaymentIntent) objects.get(2)).getLatestCharge())
        .isEqualTo(((Charge) objects.get(1)).getId());
    assertThat(((Session) objects.get(3)).getPaymentIntent()).isEqualTo(intent);
    assertThat(((Refund) objects.get(4)).getAmount()).isEqualTo(3_000);
    assertThat(((Charge) objects.get(5)).getAmountRefunded()).isEqualTo(3_000);
    assertThat(((Charge) objects.get(5)).getRefunded()).isTrue();
  }

  @Test
  void delayedPaymentIsCompletedUnpaidFirst() throws Exception {
    trigger("checkout.session.async_payment_succeeded")
        .body(
            "deliveries.event",
            contains("checkout.session.completed", "checkout.session.async_payment_succeeded"));

    Session first = (Session) objects().get(0);
    Session second = (Session) objects().get(1);
    assertThat(first.getPaymentStatus()).isEqualTo("unpaid");
    assertThat(first.getCurrency()).isEqualTo("eur");
    assertThat(first.getPaymentMethodTypes()).containsExactly("sepa_debit");
    assertThat(second.getPaymentStatus()).isEqualTo("paid");
    assertThat(second.getId()).isEqualTo(first.getId());
  }

  @Test
  void aDebitThatIsReturnedIsAChargeOfWhichTheMoneyWasBookedBack() throws Exception {
    trigger("charge.failed/returned")
        .body(
            "deliveries.event",
            contains(
                "checkout.session.completed",
                "checkout.session.async_payment_succeeded",
                "charge.failed"));

    Charge charge = (Charge) objects().getLast();
    assertThat(charge.getStatus()).isEqualTo("failed");
    assertThat(charge.getFailureBalanceTransaction()).startsWith("txn_");
    assertThat(charge.getFailureCode()).isEqualTo("insufficient_funds");
  }

  @Test
  void everyStripeEventThatIsListedCanBeTriggeredAndReadByStripesLibrary() throws Exception {
    for (KnownEvent known : KnownEvent.ALL) {
      if (known.provider().wireName().equals("stripe")) {
        receiver.forget();

        trigger(known.event()).body("deliveries[-1].event", is(known.type()));

        assertThat(receiver.requests().getLast().path()).isEqualTo("/webhooks/stripe");
        assertThat(objects()).as(known.event()).isNotEmpty().doesNotContainNull();
      }
    }
  }

  @Test
  void everyPaySuperEventThatIsListedCanBeTriggeredAndIsSigned() throws IOException {
    for (KnownEvent known : KnownEvent.ALL) {
      if (known.provider().wireName().equals("paysuper")) {
        receiver.forget();
        String event = known.event().equals("paysuper/test") ? "payment.success" : known.event();

        trigger(known.event()).body("deliveries[-1].event", is(event));

        Receiver.Request last = receiver.requests().getLast();
        assertThat(last.path()).isEqualTo("/webhooks/paysuper");
        assertThat(last.header("Authorization"))
            .isEqualTo(Signatures.paySuper("local-paysuper-secret", last.body()));
        assertThat(JsonText.read(last.body()).get("event").asText()).isEqualTo(event);
      }
    }
  }

  @Test
  void paySupersTestButtonSendsAMadeUpOrderThatClaimsToBeLive() throws IOException {
    trigger("paysuper/test");

    ObjectNode sent = JsonText.read(receiver.requests().getLast().body());
    assertThat(sent.get("live").asBoolean()).isTrue();
    assertThat(sent.at("/object/testing_case").asText()).isEqualTo("correct_payment");
  }

  @Test
  void anEventCanBeAConnectedAccounts() throws IOException {
    trigger(
        Map.of(
            "event",
            "checkout.session.completed",
            "overrides",
            Map.of("event.account", "acct_1Seller")));

    assertThat(receiver.requests())
        .isNotEmpty()
        .allSatisfy(request ->
            assertThat(JsonText.read(request.body()).path("account").asText())
                .isEqualTo("acct_1Seller"));
  }

  @Test
  void everyEventOfAnOwnSystemThatIsListedCanBeTriggeredAndIsSigned() throws IOException {
    for (KnownEvent known : KnownEvent.ALL) {
      if (known.provider().wireName().equals("standard")) {
        receiver.forget();
        String type = known.event().substring("standard/".length());

        trigger(known.event())
            .body("deliveries[-1].event", is(type))
            .body("orders[0]", startsWith("standard:order-"));

        Receiver.Request last = receiver.requests().getLast();
        assertThat(last.path()).isEqualTo("/webhooks/standard");
        assertThat(last.header("webhook-signature"))
            .isEqualTo(
                Signatures.standard(
                    "whsec_bG9jYWwtc3RhbmRhcmQtd2ViaG9va3M=",
                    last.header("webhook-id"),
                    Instant.ofEpochSecond(Long.parseLong(last.header("webhook-timestamp"))),
                    last.body()));
        assertThat(JsonText.read(last.body()).get("type").asText()).isEqualTo(type);
      }
    }
  }

  @Test
  void aPartOfAnOwnSystemsPaymentIsRefunded() throws IOException {
    trigger(
            Map.of(
                "event", "standard/refund.updated", "overrides", Map.of("amount.minorUnits", 1000)))
        .body("deliveries.event", contains("payment.succeeded", "refund.updated"))
        .body("orders", hasSize(1));

    ObjectNode payment = JsonText.read(receiver.requests().get(0).body());
    ObjectNode refund = JsonText.read(receiver.requests().get(1).body());
    assertThat(payment.at("/data/amount/minorUnits").asLong()).isEqualTo(3_000);
    assertThat(refund.at("/data/amount/minorUnits").asLong()).isEqualTo(1_000);
    assertThat(refund.at("/data/payment")).isEqualTo(payment.at("/data/payment"));
  }

  @Test
  void paySuperRefundComesAfterItsPaymentInTheCurrencyThatWasCharged() throws IOException {
    trigger("payment.refund")
        .body("deliveries.event", contains("payment.success", "payment.refund"))
        .body("orders", hasSize(1))
        .body("orders[0]", startsWith("paysuper:"));

    ObjectNode payment = JsonText.read(receiver.requests().get(0).body());
    ObjectNode refund = JsonText.read(receiver.requests().get(1).body());
    assertThat(payment.at("/object/amount").decimalValue()).isEqualByComparingTo("30");
    assertThat(payment.at("/object/currency").asText()).isEqualTo("USD");
    assertThat(payment.at("/object/charge_currency").asText()).isEqualTo("EUR");
    assertThat(refund.at("/object/id")).isEqualTo(payment.at("/object/id"));
    assertThat(refund.at("/object/refund/amount")).isEqualTo(payment.at("/object/charge_amount"));
    assertThat(refund.at("/object/refund/currency").asText()).isEqualTo("EUR");
  }

  @Test
  void overridesShapeTheWholePayment() throws Exception {
    trigger(
            Map.of(
                "event",
                "checkout.session.completed",
                "enabled",
                List.of("*"),
                "overrides",
                Map.of(
                    "data.object.amount_total", 5_000,
                    "currency", "jpy",
                    "customer_details.email", "grüße@example.com",
                    "client_reference_id", "order-7",
                    "metadata.cart", "c1",
                    "custom_text.submit", Map.of("message", "Thanks"))))
        .body("emails", contains("grüße@example.com"));

    List<StripeObject> objects = objects();
    Session session = (Session) objects.getLast();
    assertThat(session.getAmountTotal()).isEqualTo(5_000);
    assertThat(session.getCurrency()).isEqualTo("jpy");
    assertThat(session.getClientReferenceId()).isEqualTo("order-7");
    assertThat(session.getMetadata()).isEqualTo(Map.of("cart", "c1"));
    assertThat(session.getCustomerDetails().getEmail()).isEqualTo("grüße@example.com");
    assertThat(session.getCustomText().getSubmit().getMessage()).isEqualTo("Thanks");
    assertThat(((PaymentIntent) objects.getFirst()).getAmount()).isEqualTo(5_000);
  }

  @Test
  void nothingToPayNeedsNoPaymentIntent() throws Exception {
    trigger(Map.of("event", "checkout.session.completed", "overrides", Map.of("amount_total", 0)))
        .body("orders[0]", startsWith("stripe:cs_"));

    Session session = (Session) objects().getFirst();
    assertThat(session.getPaymentStatus()).isEqualTo("no_payment_required");
    assertThat(session.getPaymentIntent()).isNull();
    assertThat(session.getTotalDetails().getAmountDiscount()).isEqualTo(3_000);
  }

  @Test
  void setupOpensNoOrder() {
    trigger(Map.of("event", "checkout.session.completed", "overrides", Map.of("mode", "setup")))
        .body("orders", hasSize(0));
  }

  @Test
  void refundCanReferToAnEarlierPayment() throws Exception {
    String order =
        trigger("checkout.session.completed").extract().jsonPath().getString("orders[0]");

    trigger(
            Map.of(
                "event", "refund.created", "session", order, "overrides", Map.of("amount", 1_000)))
        .body("orders", contains(order))
        .body("deliveries.event", contains("refund.created"));

    assertThat(((Refund) objects().getLast()).getAmount()).isEqualTo(1_000);
    assertThat("stripe:" + ((Refund) objects().getLast()).getPaymentIntent()).isEqualTo(order);
  }

  @Test
  void refundMayArriveBeforeItsPayment() {
    trigger(
            Map.of(
                "event",
                "refund.created",
                "only",
                true,
                "session",
                Map.of("session", "cs_test_early", "payment_intent", "pi_early")))
        .body("orders", contains("stripe:pi_early"))
        .body("deliveries.event", contains("refund.created"));

    trigger(Map.of("event", "checkout.session.completed", "session", "cs_test_early"))
        .body("orders", contains("stripe:pi_early"))
        .body("deliveries.event", contains("checkout.session.completed"));
  }

  @Test
  void disputeCanBeWon() throws Exception {
    trigger(Map.of("event", "charge.dispute.closed", "overrides", Map.of("status", "won")))
        .body(
            "deliveries.event",
            contains(
                "checkout.session.completed",
                "charge.dispute.created",
                "charge.dispute.funds_withdrawn",
                "charge.dispute.closed"));

    assertThat(((Dispute) objects().getLast()).getStatus()).isEqualTo("won");
  }

  @Test
  void manyAreAsManyOrders() {
    trigger(Map.of("event", "checkout.session.completed", "count", 20))
        .body("deliveries", hasSize(20))
        .body("deliveries.status", everyItem(is(200)))
        .body("orders", hasSize(20));
  }

  @Test
  void theAnswerTellsWhatTheEndpointSaid() {
    receiver.answer(503);

    trigger("checkout.session.completed").body("deliveries[0].status", is(503));
  }

  @Test
  void stripesLibraryRefusesAChangedBody() {
    trigger("checkout.session.completed");
    Receiver.Request request = receiver.requests().getFirst();
    String changed = new String(request.body(), StandardCharsets.UTF_8).replace("3000", "3001");

    assertThatThrownBy(() ->
            Webhook.constructEvent(
                changed, request.header("Stripe-Signature"), "whsec_local_stripe"))
        .isInstanceOf(SignatureVerificationException.class);
  }

  @Test
  void unknownEventIsRefusedWithTheListOfKnownOnes() {
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("event", "invoice.paid"))
        .post("/trigger")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("events", hasItem("checkout.session.completed"));
  }

  @Test
  void nonsenseIsRefusedInASentence() {
    for (Object nonsense :
        List.of(
            Map.of(),
            Map.of("event", "checkout.session.completed", "count", 0),
            Map.of("event", "checkout.session.completed", "count", 1_000_000),
            Map.of("event", "checkout.session.completed", "session", "../../etc"),
            Map.of("event", "checkout.session.completed", "session", 5),
            Map.of("event", "checkout.session.completed", "overrides", Map.of("a..b", 1)),
            Map.of("event", "checkout.session.completed", "overrides", Map.of("currency", "zzz")),
            Map.of("event", "checkout.session.completed", "overrides", Map.of("amount_total", -1)),
            Map.of("event", "checkout.session.completed", "overrides", Map.of("mode", "barter")),
            Map.of("event", "payment.success", "overrides", Map.of("amount", "1.005")),
            Map.of("event", "payment.success", "overrides", Map.of("amount", "many")),
            "{no json")) {
      given()
          .contentType(ContentType.JSON)
          .body(nonsense)
          .post("/trigger")
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
  }

  @Test
  void anEarlierPaymentThatIsUnknownIsNotFound() {
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("event", "refund.created", "session", "pi_unknown"))
        .post("/trigger")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void listExplainsEveryEvent() {
    given()
        .get("/trigger")
        .then()
        .statusCode(200)
        .body("events.event", hasItem("payment.chargeback"))
        .body("events.explanation.findAll { it.length() < 10 }", hasSize(0));
  }

  private static ValidatableResponse trigger(String event) {
    return trigger(Map.of("event", event));
  }

  private static ValidatableResponse trigger(Map<String, Object> wanted) {
    return given()
        .contentType(ContentType.JSON)
        .body(wanted)
        .post("/trigger")
        .then()
        .statusCode(200);
  }

  /// The objects of what was received, each verified and read by Stripe's own library.
  private List<StripeObject> objects() throws SignatureVerificationException {
    var objects = new ArrayList<StripeObject>();
    for (Receiver.Request request : receiver.requests()) {
      Event event =
          Webhook.constructEvent(
              new String(request.body(), StandardCharsets.UTF_8),
              request.header("Stripe-Signature"),
              "whsec_local_stripe");
      objects.add(event.getDataObjectDeserializer().getObject().orElseThrow());
    }
    return objects;
  }
}
