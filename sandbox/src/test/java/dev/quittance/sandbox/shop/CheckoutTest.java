package dev.quittance.sandbox.shop;

import static dev.quittance.sandbox.Eventually.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.SandboxForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Buys things, as a browser does it.
@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class CheckoutTest {

  private static final String HTML = "text/html,application/xhtml+xml";

  private final Receiver receiver = SandboxForTests.receiver();

  @BeforeEach
  void forget() {
    receiver.answer(200);
    receiver.forget();
    receiver.show("{\"orders\": []}");
  }

  @Test
  void cardIsPaidToldAndThenTheCustomerIsSentOn() {
    String checkout = cart("usd", "stripe", Map.of("quantity_notebook", "2"));
    page(checkout).body(containsString("30.00 USD"));

    String next =
        card(checkout, "4242 4242 4242 4242").statusCode(303).extract().header("Location");

    assertThat(next).contains("/thanks?session_id=" + id(checkout));
    assertThat(types()).contains("checkout.session.completed");
    assertThat(bodies("checkout.session.completed").getFirst())
        .contains("\"amount_total\": 3000", "\"payment_status\": \"paid\"");
  }

  @Test
  void everyCurrencyHasItsOwnDecimals() {
    for (Map.Entry<String, String> price :
        Map.of("usd", "15.00 USD", "eur", "14.00 EUR", "jpy", "2200 JPY", "kwd", "4.600 KWD")
            .entrySet()) {
      page("/?currency=" + price.getKey()).body(containsString(price.getValue()));
      page(cart(price.getKey(), "stripe", Map.of("quantity_notebook", "1")))
          .body(containsString(price.getValue()));
    }
  }

  @Test
  void declinedCardCanBeReplacedByAnother() {
    String checkout = cart("usd", "stripe", Map.of("quantity_ink", "1"));

    card(checkout, "4000000000000002").statusCode(402).body(containsString("was declined"));
    card(checkout, "4000000000009995").statusCode(402).body(containsString("insufficient funds"));
    card(checkout, "4242424242424241").statusCode(402).body(containsString("number is invalid"));
    assertThat(types()).doesNotContain("checkout.session.completed");

    card(checkout, "4242424242424242").statusCode(303);
    assertThat(bodies("checkout.session.completed")).hasSize(1);
  }

  @Test
  void authenticationIsAskedForAndMayBeRefused() {
    String checkout = cart("usd", "stripe", Map.of("quantity_ink", "1"));
    String bank = card(checkout, "4000002500003155").statusCode(303).extract().header("Location");
    String path = bank.replaceFirst("https?://[^/]+", "");
    page(path).body(containsString("9.50 USD"));

    post(path, Map.of("answer", "refuse"))
        .statusCode(402)
        .body(containsString("unable to authenticate"));
    post(path, Map.of("answer", "confirm")).statusCode(303);

    assertThat(types()).contains("checkout.session.completed");
  }

  @Test
  void debitIsCompletedUnpaidAndThenSettles() {
    String checkout = cart("eur", "stripe", Map.of("quantity_print", "1"));

    debit(checkout, "AT611904300234573201");

    await(() -> types().contains("checkout.session.async_payment_succeeded"));
    assertThat(bodies("checkout.session.completed").getFirst())
        .contains("\"payment_status\": \"unpaid\"");
  }

  @Test
  void debitMayComeBack() {
    String checkout = cart("eur", "stripe", Map.of("quantity_print", "1"));

    debit(checkout, "AT861904300235473202");

    await(() -> types().contains("checkout.session.async_payment_failed"));
  }

  @Test
  void quantitiesAndCodesChangeWhatIsPaid() {
    String checkout = cart("usd", "stripe", Map.of("quantity_notebook", "1", "quantity_ink", "1"));

    post(checkout + "/cart", Map.of("quantity_0", "3", "quantity_1", "0", "code", "take10"))
        .statusCode(303);
    page(checkout)
        .body(containsString("40.50 USD"))
        .body(containsString("-4.50 USD"))
        .body(not(containsString("Ink, midnight")));
    given()
        .header("Authorization", "Bearer sk_test_sandbox")
        .get("/v1/checkout/sessions/" + id(checkout) + "/line_items")
        .then()
        .body("data.size()", is(1))
        .body("data[0].quantity", is(3))
        .body("data[0].amount_total", is(4_050));
    post(checkout + "/cart", Map.of("code", "nonsense"))
        .statusCode(402)
        .body(containsString("code is invalid"));
    post(checkout + "/cart", Map.of("quantity_0", "0")).statusCode(402);
    post(checkout + "/cart", Map.of("quantity_0", "-1")).statusCode(400);
  }

  @Test
  void nothingIsLeftToPayWithTheRightCode() {
    String checkout = cart("jpy", "stripe", Map.of("quantity_print", "2"));
    post(checkout + "/cart", Map.of("code", "FREE100")).statusCode(303);
    page(checkout).body(containsString("Complete the order"));

    post(checkout + "/pay", Map.of("email", "free@example.com")).statusCode(303);

    assertThat(bodies("checkout.session.completed").getFirst())
        .contains("\"amount_total\": 0", "no_payment_required", "free@example.com");
  }

  @Test
  void paidCheckoutLeadsOnInsteadOfTakingMoneyAgain() {
    String checkout = cart("usd", "stripe", Map.of("quantity_ink", "1"));
    card(checkout, "4242424242424242").statusCode(303);

    given().accept(HTML).redirects().follow(false).get(checkout).then().statusCode(303);
    card(checkout, "4242424242424242").statusCode(409);
  }

  @Test
  void paySuperTakesItsOwnCards() {
    String paid = cart("kwd", "paysuper", Map.of("quantity_notebook", "2"));
    page(paid).body(containsString("9.200 KWD"));
    paySuperCard(paid, "4000000000000077").statusCode(303);
    assertThat(bodies("payment.success"))
        .singleElement()
        .satisfies(body -> assertThat(body).contains("\"last4\":\"0077\""));

    String refused = cart("usd", "paysuper", Map.of("quantity_notebook", "1"));
    paySuperCard(refused, "5555555555554477").statusCode(303);
    assertThat(bodies("payment.cancel")).hasSize(1);

    String asked = cart("usd", "paysuper", Map.of("quantity_notebook", "1"));
    String bank =
        paySuperCard(asked, "4000000000000002").statusCode(303).extract().header("Location");
    post(bank.replaceFirst("https?://[^/]+", ""), Map.of("answer", "confirm")).statusCode(303);
    assertThat(bodies("payment.success")).hasSize(2);
  }

  @Test
  void successPageWaitsUntilThePaymentIsSettled() {
    thanks()
        .body(containsString("We are checking your payment"))
        .body(containsString("http-equiv=\"refresh\""));
    receiver.show(order("pending"));
    thanks().body(containsString("http-equiv=\"refresh\""));
    receiver.show(order("paid"));
    thanks()
        .body(containsString("Thank you, it is paid"))
        .body(containsString("30.00 USD"))
        .body(not(containsString("http-equiv=\"refresh\"")));
    receiver.show("not json");
    page("/thanks?session_id=cs_1").body(containsString("asked right now"));
    given().accept(HTML).get("/thanks").then().statusCode(400).contentType("text/html");
  }

  @Test
  void pagesRunNoScriptsAndTakeNoFormsFromElsewhere() {
    page("/").header("Content-Security-Policy", containsString("default-src 'none'"));
    given()
        .header("Sec-Fetch-Site", "cross-site")
        .contentType("application/x-www-form-urlencoded")
        .formParam("quantity_ink", "1")
        .post("/shop")
        .then()
        .statusCode(403);
  }

  @Test
  void nonsenseIsRefusedInASentence() {
    for (Map<String, String> cart :
        List.of(
            Map.of("quantity_ink", "0"),
            Map.of("quantity_ink", "x"),
            Map.of("quantity_ink", "100"),
            Map.of("quantity_ink", "1", "currency", "xxx"),
            Map.of("quantity_ink", "1", "email", "nobody"))) {
      post("/shop", cart).statusCode(400).contentType("text/html");
    }
    given().accept(HTML).get("/checkout/stripe/cs_none").then().statusCode(404);
    given().accept(HTML).get("/checkout/paysuper/none").then().statusCode(404);
  }

  /// The success page, once the orders were sent: they are waited for one second only, which a
  /// machine that is busy with much else may miss, and then the page looks again.
  private static ValidatableResponse thanks() {
    var last = new AtomicReference<ValidatableResponse>();
    await(() -> {
      ValidatableResponse seen = page("/thanks?session_id=cs_1");
      last.set(seen);
      return !seen.extract().asString().contains("asked right now");
    });
    return Objects.requireNonNull(last.get());
  }

  private static String order(String payment) {
    return "{\"orders\": [{\"id\": \"stripe:pi_1\", \"paymentStatus\": \""
        + payment
        + "\", \"fulfillmentStatus\": \"due\","
        + " \"amount\": {\"minorUnits\": 3000, \"currency\": \"USD\"}}]}";
  }

  private static String cart(String currency, String provider, Map<String, String> quantities) {
    return given()
        .accept(HTML)
        .redirects()
        .follow(false)
        .formParams(quantities)
        .formParam("currency", currency)
        .formParam("provider", provider)
        .formParam("email", "jenny@example.com")
        .post("/shop")
        .then()
        .statusCode(303)
        .extract()
        .header("Location")
        .replaceFirst("https?://[^/]+", "");
  }

  private static String id(String checkout) {
    return checkout.substring(checkout.lastIndexOf('/') + 1);
  }

  private static ValidatableResponse page(String path) {
    return given().accept(HTML).get(path).then().statusCode(200).contentType("text/html");
  }

  private static ValidatableResponse card(String checkout, String number) {
    return post(
        checkout + "/pay",
        Map.of(
            "email", "jenny@example.com",
            "method", "card",
            "number", number,
            "expiry", "12/34",
            "cvc", "123"));
  }

  private static ValidatableResponse paySuperCard(String checkout, String number) {
    return post(checkout + "/pay", Map.of("number", number, "expiry", "12/34", "cvc", "123"));
  }

  private static void debit(String checkout, String iban) {
    post(checkout + "/pay", Map.of("email", "jenny@example.com", "method", "debit", "iban", iban))
        .statusCode(303);
  }

  private static ValidatableResponse post(String path, Map<String, String> form) {
    return given().accept(HTML).redirects().follow(false).formParams(form).post(path).then();
  }

  private List<String> types() {
    return receiver.requests().stream()
        .map(request -> new String(request.body(), StandardCharsets.UTF_8))
        .map(body -> body.replaceFirst("(?s).*\"(?:type|event)\": ?\"([a-z_.]+)\"[^\"]*$", "$1"))
        .toList();
  }

  private List<String> bodies(String type) {
    return receiver.requests().stream()
        .map(request -> new String(request.body(), StandardCharsets.UTF_8))
        .filter(body -> body.contains("\"" + type + "\""))
        .toList();
  }
}
