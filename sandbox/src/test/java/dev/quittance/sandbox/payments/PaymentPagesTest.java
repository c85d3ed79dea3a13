package dev.quittance.sandbox.payments;

import static dev.quittance.sandbox.Eventually.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.SandboxForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class PaymentPagesTest {

  private static final String HTML = "text/html,application/xhtml+xml";

  private final Receiver receiver = SandboxForTests.receiver();

  @BeforeEach
  void forget() {
    receiver.answer(200);
    receiver.forget();
  }

  @Test
  void paymentsAreListedWithTheirStatus() {
    String paid = payment("checkout.session.completed");
    String order = payment("payment.success");

    page("/payments")
        .body(containsString("/payments/" + paid))
        .body(containsString("/payments/" + order))
        .body(containsString("30.00 USD"));
    page("/payments/" + paid).body(containsString("paid"));
  }

  @Test
  void partsAreRefundedUntilNothingIsLeft() {
    String paid = payment("checkout.session.completed");

    act(paid, "refund", Map.of("amount", "10.00")).statusCode(303);
    page("/payments/" + paid)
        .body(containsString("partly refunded"))
        .body(containsString("10.00 USD"));
    act(paid, "refund", Map.of()).statusCode(303);
    page("/payments/" + paid).body(containsString("refunded"));

    assertTold("refund.created", 2);
    act(paid, "refund", Map.of()).statusCode(400);
    act(paid, "refund", Map.of("amount", "1.001")).statusCode(400);
  }

  @Test
  void paySupersTestButtonIsPressedOnThePage() {
    page("/payments").body(containsString("Press PaySuper's Test button"));

    given().redirects().follow(false).post("/payments/test").then().statusCode(303);

    await(() -> !receiver.requests().isEmpty());
    assertThat(new String(receiver.requests().getLast().body(), StandardCharsets.UTF_8))
        .contains("\"testing_case\":\"correct_payment\"", "\"live\":true");
  }

  @Test
  void pendingRefundComesBack() {
    String paid = payment("checkout.session.completed");
    act(paid, "refund", Map.of("status", "pending")).statusCode(303);
    String refund = find("re_[A-Za-z0-9]+", page("/payments/" + paid).extract().asString());

    act(paid, "fail-refund", Map.of("target", refund)).statusCode(303);

    page("/payments/" + paid).body(containsString("failed"));
    assertTold("refund.failed", 1);
  }

  @Test
  void disputeIsOpenedAnsweredAndWon() {
    String paid = payment("checkout.session.completed");
    act(paid, "dispute", Map.of()).statusCode(303);
    String dispute = find("du_[A-Za-z0-9]+", page("/payments/" + paid).extract().asString());

    act(paid, "answer", Map.of("target", dispute)).statusCode(303);
    act(paid, "win", Map.of("target", dispute)).statusCode(303);

    page("/payments/" + paid).body(containsString("dispute won"));
    assertTold("charge.dispute.closed", 1);
    act(paid, "lose", Map.of("target", dispute)).statusCode(409);
  }

  @Test
  void paySuperOrderIsRefundedWhole() {
    String order = payment("payment.success");

    act(order, "refund", Map.of()).statusCode(303);

    assertTold("payment.refund", 1);
    page("/payments/" + order)
        .body(containsString("refunded"))
        .body(not(containsString("<h2>Refund</h2>")));
  }

  @Test
  void deliveriesAreShownWithTheirAttemptsAndSentAgain() {
    receiver.answer(503);
    String event = trigger("checkout.session.completed").getString("deliveries[0].eventId");
    page("/deliveries?state=undelivered").body(containsString(event));
    page("/deliveries/" + event)
        .body(containsString("answered 503"))
        .body(containsString("Stripe-Signature"))
        .body(containsString("checkout.session.completed"));
    receiver.answer(200);

    given()
        .accept(HTML)
        .redirects()
        .follow(false)
        .post("/deliveries/" + event + "/resend")
        .then()
        .statusCode(303);

    page("/deliveries/" + event).body(containsString("resent by hand"));
    page("/deliveries?state=undelivered").body(not(containsString(event)));
    given().accept(HTML).get("/deliveries/evt_none").then().statusCode(404);
  }

  @Test
  void habitsAreChangedFromThePageAndByPrograms() {
    given()
        .accept(HTML)
        .redirects()
        .follow(false)
        .formParams(Map.of("duplicate", "0", "reorder", "0", "drop", "0", "delay", "0"))
        .post("/deliveries/habits")
        .then()
        .statusCode(303);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("duplicatePercent", 0))
        .put("/deliveries/habits")
        .then()
        .statusCode(200);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("dropPercent", 200))
        .put("/deliveries/habits")
        .then()
        .statusCode(400);
  }

  @Test
  void unknownPaymentsAndActionsAreNotFound() {
    String paid = payment("checkout.session.completed");

    given().accept(HTML).get("/payments/cs_none").then().statusCode(404);
    given().accept(HTML).get("/payments/nonsense").then().statusCode(404);
    act(paid, "burn", Map.of()).statusCode(404);
    act("cs_none", "refund", Map.of()).statusCode(404);
  }

  /// Lets something be paid and tells what its page is named by.
  private String payment(String event) {
    JsonPath triggered = trigger(event);
    String order = triggered.getString("orders[0]");
    if (order.startsWith("paysuper:")) {
      return order;
    }
    return find("cs_test_[A-Za-z0-9]+", sent("checkout.session.completed").getLast());
  }

  private static JsonPath trigger(String event) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("event", event))
        .post("/trigger")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static ValidatableResponse page(String path) {
    return given().accept(HTML).get(path).then().statusCode(200).contentType("text/html");
  }

  private static ValidatableResponse act(String id, String action, Map<String, String> form) {
    return given()
        .accept(HTML)
        .contentType("application/x-www-form-urlencoded")
        .redirects()
        .follow(false)
        .formParams(form)
        .post("/payments/" + id + "/" + action)
        .then();
  }

  /// An action's page waits for the answers for a moment only, and then goes on without them.
  private void assertTold(String type, int times) {
    await(() -> sent(type).size() >= times);
    assertThat(sent(type)).hasSize(times);
  }

  private List<String> sent(String type) {
    return receiver.requests().stream()
        .map(request -> new String(request.body(), StandardCharsets.UTF_8))
        .filter(body -> body.contains("\"" + type + "\""))
        .toList();
  }

  private static String find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group();
  }
}
