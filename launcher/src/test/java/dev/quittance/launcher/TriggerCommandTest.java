package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriggerCommandTest {

  private static final String DELIVERED =
      """
      {"deliveries": [{"event": "checkout.session.completed", "eventId": "evt_1",
        "endpoint": "http://x", "status": 200, "durationMs": 12, "order": "stripe:pi_1"}]}\
      """;
  private static final String ORDER = "/orders/stripe%3Api_1";
  private static final String RECEIPTS = "/receipts?order=stripe%3Api_1";
  private static final String PAID =
      """
      {"id": "stripe:pi_1", "paymentStatus": "paid", "fulfillmentStatus": "due",
        "amount": {"minorUnits": 3000, "currency": "USD"}}\
      """;
  private static final String SENT =
      """
      {"receipts": [{"number": "quittance-2026-1", "kind": "payment", "status": "sent",
        "to": "j***@example.com", "amount": {"minorUnits": 3000, "currency": "USD"}}]}\
      """;

  private final FakeServices services;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  TriggerCommandTest() throws IOException {
    services = new FakeServices();
  }

  @AfterEach
  void closeServices() {
    services.close();
  }

  @Test
  void tellsWhatBecameOfThePayment() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, SENT);

    int code = run("checkout.session.completed");

    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "checkout.session.completed evt_1: 200 after 12 ms",
            "order stripe:pi_1: paid, due, 30.00 USD",
            "  receipt quittance-2026-1 (payment): sent to j***@example.com, 30.00 USD");
  }

  @Test
  void waitsForOrderAndReceipt() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 404, "{}")
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, "{\"receipts\": []}")
        .answer(RECEIPTS, 200, SENT.replace("sent", "sending"))
        .answer(RECEIPTS, 200, SENT);

    int code = run("checkout.session.completed");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("sent to j***@example.com");
  }

  /// A disputed payment was paid before, and looks then as one whose dispute is only an inquiry.
  @Test
  void waitsForWhatItTriggeredAndNotForWhatCameBefore() {
    services
        .answer(
            "/trigger",
            200,
            DELIVERED.replace("checkout.session.completed", "charge.dispute.created"))
        .answer(ORDER + "/events", 200, "{\"events\": [{\"sourceEvent\": \"evt_0\"}]}")
        .answer(
            ORDER + "/events",
            200,
            "{\"events\": [{\"sourceEvent\": \"evt_0\"}, {\"sourceEvent\": \"evt_1\"}]}")
        .answer(ORDER, 200, PAID)
        .answer(ORDER, 200, PAID.replace("\"paid\"", "\"disputed\""))
        .answer(RECEIPTS, 200, SENT);

    int code = run("charge.dispute.created");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("order stripe:pi_1: disputed");
  }

  @Test
  void failsWhenTheOrderNeverKnowsOfWhatItTriggered() {
    services
        .answer("/trigger", 200, DELIVERED.replace("checkout.session.completed", "refund.failed"))
        .answer(ORDER + "/events", 200, "{\"events\": [{\"sourceEvent\": \"evt_0\"}]}")
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, SENT);

    assertThat(run("refund.failed", "--wait", "1")).isEqualTo(1);
    assertThat(out.toString()).contains("Not all of it had its effects");
  }

  @Test
  void failsWhenTheReceiptNeverComes() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, "{\"receipts\": []}");

    int code = run("checkout.session.completed", "--wait", "1");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("paid, due", "Not all of it had its effects within 1 s");
  }

  /// The payment is well; who asks has only no token to see it by.
  @Test
  void saysWhoDoesNotLetItInInsteadOfThatThePaymentFailed() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 401, "{\"detail\": \"Say who you are.\"}");

    int code = run("checkout.session.completed");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("receipt-service doesn't let us in");
    assertThat(out.toString()).doesNotContain("Not all of it had its effects");
  }

  @Test
  void everyServiceThatAsksForATokenGetsOne() {
    assertThat(Addresses.tokenVariable(Service.INGEST)).hasValue("QUITTANCE_ADMIN_TOKEN");
    assertThat(Addresses.tokenVariable(Service.FULFILLMENT)).hasValue("QUITTANCE_OPERATOR_TOKEN");
    assertThat(Addresses.tokenVariable(Service.RECEIPTS)).hasValue("QUITTANCE_OPERATOR_TOKEN");
    assertThat(Addresses.tokenVariable(Service.SANDBOX)).isEmpty();
  }

  @Test
  void whatOnlyAdministratorsMayIsAskedWithTheirTokenWhereItIsSet() {
    var operator = Map.of("QUITTANCE_OPERATOR_TOKEN", "o");
    var both = Map.of("QUITTANCE_OPERATOR_TOKEN", "o", "QUITTANCE_ADMIN_TOKEN", "a");

    assertThat(new Addresses().adminToken(Service.RECEIPTS, both)).hasValue("a");
    assertThat(new Addresses().adminToken(Service.RECEIPTS, operator)).hasValue("o");
    assertThat(new Addresses().adminToken(Service.RECEIPTS, Map.of())).isEmpty();
    assertThat(new Addresses().adminToken(Service.SANDBOX, both)).isEmpty();
  }

  @Test
  void ofAnEventThatMakesNoOrderItSaysSoAtOnce() {
    services.answer(
        "/trigger", 200, DELIVERED.replace("checkout.session.completed", "payment_intent.created"));

    int code = run("payment_intent.created", "--wait", "1");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("No order follows from it").doesNotContain("Not all of it");
  }

  @Test
  void ofAPaymentThatNoCheckoutCarriesItDoesNotWaitForTheReceipt() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID.replace("\"due\"", "\"not_due\""))
        .answer(RECEIPTS, 200, SENT.replace("sent", "waiting"))
        .answer("/endpoints", 200, endpoints("checkout"));

    int code = run("payment_intent.succeeded", "--wait", "1");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("paid, not due", "gets no receipt");
  }

  @Test
  void whereOrdersComeFromPaymentIntentsItDoes() {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, SENT.replace("sent", "waiting"))
        .answer("/endpoints", 200, endpoints("payment_intents"));

    assertThat(run("payment_intent.succeeded", "--wait", "1")).isEqualTo(1);
  }

  @Test
  void ofAConnectedAccountThatIsIgnoredItSaysSoAtOnce() {
    services.answer("/trigger", 200, DELIVERED).answer("/endpoints", 200, endpoints("checkout"));

    int code =
        run("checkout.session.completed", "--override", "event.account=acct_1", "--wait", "1");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("ignores connected accounts");
  }

  private static String endpoints(String ordersFrom) {
    return "{\"endpoints\": [{\"name\": \"stripe\", \"ordersFrom\": \"" + ordersFrom + "\"}]}";
  }

  @Test
  void failsWhenTheWebhookIsRefused() {
    services.answer("/trigger", 200, DELIVERED.replace("200", "503"));

    int code = run("checkout.session.completed");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("evt_1: 503");
  }

  @Test
  void tellsItAsJson() throws Exception {
    services
        .answer("/trigger", 200, DELIVERED)
        .answer(ORDER, 200, PAID)
        .answer(RECEIPTS, 200, SENT);

    int code = run("checkout.session.completed", "--json");

    JsonNode report = WireFormat.mapper().readTree(out.toString());
    assertThat(code).isZero();
    assertThat(report.path("settled").asBoolean()).isTrue();
    assertThat(report.at("/orders/0/order/paymentStatus").asText()).isEqualTo("paid");
    assertThat(report.at("/orders/0/receipts/0/status").asText()).isEqualTo("sent");
  }

  @Test
  void sendsNumbersAsNumbersAndTextsAsTexts() throws Exception {
    services.answer("/trigger", 200, "{\"deliveries\": []}");

    run(
        "charge.refunded",
        "--override",
        "amount_refunded=1000",
        "--override",
        "metadata.note=two words",
        "--session",
        "stripe:pi_1");

    JsonNode wanted = WireFormat.mapper().readTree(services.bodies().getFirst());
    assertThat(wanted.path("event").asText()).isEqualTo("charge.refunded");
    assertThat(wanted.at("/overrides/amount_refunded").isInt()).isTrue();
    assertThat(wanted.path("overrides").path("metadata.note").asText()).isEqualTo("two words");
    assertThat(wanted.path("session").asText()).isEqualTo("stripe:pi_1");
  }

  @Test
  void repeatsWhatTheSandboxSaysIsWrong() {
    services.answer("/trigger", 400, "{\"detail\": \"The sandbox knows no such event.\"}");

    int code = run("no.such.event");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("The sandbox knows no such event.");
  }

  @Test
  void saysHowToStartWhatDoesNotAnswer() {
    services.close();

    int code = run("checkout.session.completed");

    assertThat(code).isEqualTo(3);
    assertThat(err.toString()).contains("./quittance up");
  }

  @Test
  void asksForAnEvent() {
    int code = run();

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--list");
  }

  private int run(String... arguments) {
    var all = new ArrayList<>(List.of("trigger"));
    all.addAll(List.of(arguments));
    for (String option :
        List.of("--sandbox-url", "--ingest-url", "--fulfillment-url", "--receipts-url")) {
      all.add(option + "=" + services.url());
    }
    return Launcher.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
