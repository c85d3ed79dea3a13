package dev.quittance.ingest.afterpayment;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.quittance.ingest.FulfillmentForTests;
import dev.quittance.ingest.IngestProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(IngestProfile.class)
final class AfterPaymentTest {

  private static final AtomicInteger SESSIONS = new AtomicInteger();

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final String UNKNOWN = "your payment is safe";
  private static final String REFRESH = "http-equiv=\"refresh\"";

  private final String session = "cs_test_after" + SESSIONS.incrementAndGet();

  @Test
  void aPaidOrderIsShownWithItsItemsAndStaysAsItIs() {
    tell("paid", "due", "known");

    page(session)
        .statusCode(200)
        .body(containsString("your payment has arrived"))
        .body(allOf(containsString("Mug &lt;large&gt;"), containsString("× 2")))
        .body(allOf(containsString("$30.00"), not(containsString(REFRESH))))
        .body(equalTo(page(session).extract().asString()));
  }

  @Test
  void whoTheCustomerIsStandsNowhere() {
    tell("paid", "due", "known");

    assertThat(page(session).extract().asString())
        .doesNotContain("jenny", "Rosen", "cart-77", "stripe:pi", "secret-note");
  }

  @ParameterizedTest
  @CsvSource({
    "pending,not_due,on its way,true",
    "failed,not_due,did not work,false",
    "canceled,not_due,not completed,false",
    "paid,on_hold,closer look,false",
    "paid,partially_fulfilled,Part of your order,false",
    "paid,fulfilled,order is complete,false",
    "partially_refunded,due,payment has arrived,false",
    "refunded,canceled,was refunded,false",
    "reversed,canceled,was returned,false",
    "disputed,on_hold,being disputed,false",
    "charged_back,reversal_due,being disputed,false",
    "invented_later,due,checking,true",
  })
  void everyStatusHasItsPage(String payment, String fulfillment, String words, boolean again) {
    tell(payment, fulfillment, "known");

    String page = page(session).extract().asString();

    assertThat(page).contains(words);
    assertThat(page.contains(REFRESH)).isEqualTo(again);
  }

  @Test
  void itLooksAgainWhileTheItemsAreComing() {
    tell("paid", "not_due", "pending");

    page(session).body(containsString(REFRESH)).body(containsString("has arrived"));
  }

  @Test
  void anUnknownOrderIsLookedForAgainWithTheTimeOfTheFirstLook() {
    String first = page(session).body(containsString("checking")).extract().asString();
    var address = Pattern.compile("content=\"1;url=(\\?[^\"]+)\"").matcher(first);
    assertThat(address.find()).isTrue();
    String again = address.group(1).replace("&amp;", "&");

    assertThat(again).startsWith("?session_id=" + session + "&since=");
    String second =
        answered(() -> given().get("/after-payment" + again).then().statusCode(200))
            .extract()
            .asString();

    assertThat(second).isEqualTo(first);
  }

  @Test
  void afterTenMinutesItSaysThatNothingIsKnownAndStopsLooking() {
    long since = Clock.systemUTC().instant().minus(Duration.ofMinutes(11)).getEpochSecond();

    answered(() -> given().get("/after-payment?session_id=" + session + "&since=" + since).then())
        .statusCode(200)
        .body(containsString("no payment yet"))
        .body(not(containsString(REFRESH)))
        .body(containsString("Look again now"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "cs_test_%00",
        "..%2F..%2Forders",
        "cs_test_1%26limit%3D200",
        "%E9%A0%98%E5%8F%8E%E6%9B%B8",
      })
  void whatIsNoSessionLooksLikeOneThatNobodyKnowsAndAsksNobody(String malformed) {
    String known = page(session).extract().asString().replace(session, "");
    int before = FulfillmentForTests.asked().size();

    String page =
        given()
            .urlEncodingEnabled(false)
            .get("/after-payment?session_id=" + malformed)
            .then()
            .statusCode(200)
            .extract()
            .asString();

    assertThat(withoutTime(page)).isEqualTo(withoutTime(known));
    assertThat(FulfillmentForTests.asked()).hasSize(before);
  }

  @Test
  void anEndlessIdIsNone() {
    page("a".repeat(256)).statusCode(200).body(not(containsString("aaaa")));
  }

  @Test
  void withoutAnyIdThePageIsTheSame() {
    given().get("/after-payment").then().statusCode(200).body(containsString("checking"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "no json", "{\"orders\": [{\"amount\": 7}]}", "[]"})
  void whenTheOrdersCannotBeToldThePageSaysSoAndLooksAgain(String answer) {
    FulfillmentForTests.tell(session, answer);
    asked(session).statusCode(200).body(containsString(UNKNOWN)).body(containsString(REFRESH));
  }

  @Test
  void anAnswerThatDoesNotComeIsWaitedForOneSecond() {
    assertThat(FulfillmentOrders.ANSWER_MAX).isEqualTo(Duration.ofSeconds(1));
    FulfillmentForTests.tell(session, "hang");
    asked(session).statusCode(200).time(lessThan(20_000L)).body(containsString(UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          de-CH,de;q=0.9,en;q=0.8 | de | Vielen Dank
          fr-CA                   | fr | Merci
          es-419,es;q=0.9         | es | Gracias
          ja                      | ja | お支払いありがとうございます
          en-GB                   | en | Thank you
          sv,nl;q=0.5             | en | Thank you
          ;;;q=x                  | en | Thank you
          """)
  void itSpeaksTheCustomersLanguage(String wished, String language, String words) {
    tell("paid", "due", "known");

    await()
        .atMost(WAIT_MAX)
        .untilAsserted(() ->
            given()
                .header("Accept-Language", wished)
                .get("/after-payment?session_id=" + session)
                .then()
                .header("Content-Language", language)
                .body(containsString("<html lang=\"" + language + "\">"))
                .body(containsString(words)));
  }

  @Test
  void itIsKeptNowhereFoundByNobodyAndRunsNothing() {
    page(session)
        .header("Cache-Control", "no-store")
        .header("X-Robots-Tag", "noindex")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Type", containsString("text/html"))
        .header(
            "Content-Security-Policy",
            allOf(
                containsString("default-src 'none'"),
                containsString("frame-ancestors 'none'"),
                not(containsString("unsafe"))))
        .body(not(containsString("<script")));
  }

  private static String withoutTime(String page) {
    return page.replaceAll("since=[0-9]+", "since=");
  }

  /// As it is once the orders are known: they are waited for one second only, which a machine that
  /// is busy with much else may miss, and then the customer's browser looks again.
  private static ValidatableResponse page(String session) {
    return answered(() -> asked(session));
  }

  private static ValidatableResponse answered(Supplier<ValidatableResponse> look) {
    var last = new AtomicReference<ValidatableResponse>();
    await()
        .atMost(WAIT_MAX)
        .until(() -> {
          ValidatableResponse seen = look.get();
          last.set(seen);
          return !seen.extract().asString().contains(UNKNOWN);
        });
    return Objects.requireNonNull(last.get());
  }

  private static ValidatableResponse asked(String session) {
    return given().get("/after-payment?session_id=" + session).then();
  }

  private void tell(String payment, String fulfillment, String itemsState) {
    FulfillmentForTests.tell(
        session,
        """
        {"orders": [{"id": "stripe:pi_1", "provider": "stripe", "paymentStatus": "%s",
          "fulfillmentStatus": "%s", "itemsState": "%s",
          "amount": {"minorUnits": 3000, "currency": "USD"},
          "customer": {"email": "jenny@example.com", "name": "Jenny Rosen"},
          "reference": "cart-77", "metadata": {"note": "secret-note"},
          "lineItems": [{"id": "li_1", "description": "Mug <large>", "quantity": 2,
            "amount": {"minorUnits": 3000, "currency": "USD"}, "metadata": {"a": "secret-note"}}],
          "version": 3}], "next": "more"}
        """
            .formatted(payment, fulfillment, itemsState));
  }
}
