package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.Refunds.Outcome;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events of connected accounts: ignored, unless the endpoint takes them.
final class StripeConnectTest {

  private static final String PAID = "stripe/checkout.session.completed.paid";
  private static final String LINES = "/v1/checkout/sessions/cs_live_a1Qx/line_items";
  private static final String SELLER = "acct_1Seller";

  private final FakeStripe fake = new FakeStripe();
  private final Stripe stripe = new Stripe();
  private final StripeLookUps lookUps = new StripeLookUps();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aConnectedAccountsPaymentIsNoOrderUnlessSomebodySaysSo() {
    assertThat(stripe.translate(of(SELLER, PAID), endpoint(null)))
        .isEqualTo(new Translation.Ignored("connected_account"));
    assertThat(stripe.translate(of(SELLER, PAID), endpoint("ignore")))
        .isEqualTo(new Translation.Ignored("connected_account"));
  }

  @Test
  void whereItIsTakenItSaysWhoseItIsUnderTheSameId() {
    var open = (Translation.Open) stripe.translate(of(SELLER, PAID), endpoint("take"));

    PaymentEvent paid = open.events().getFirst();
    assertThat(paid.about().connectedAccount()).isEqualTo(SELLER);
    assertThat(paid.about().order().value()).isEqualTo("stripe:pi_3Qx");
  }

  @Test
  void ourOwnPaymentsAreOrdersEitherWay() {
    for (String connect : List.of("ignore", "take")) {
      var open =
          (Translation.Open)
              stripe.translate(Bodies.webhook("stripe", Bodies.body(PAID)), endpoint(connect));
      assertThat(open.events().getFirst().about().connectedAccount()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sub_1", "acct_1 x", "acct_1/../x"})
  void anAccountThatIsNoneIsNeverTakenForOurs(String account) {
    assertThat(stripe.translate(of(account, PAID), endpoint("take")))
        .isInstanceOf(Translation.Untranslatable.class);
    assertThat(stripe.translate(of(account, PAID), endpoint(null)))
        .isEqualTo(new Translation.Ignored("connected_account"));
  }

  @Test
  void itsLineItemsAreAskedForInItsName() {
    fake.list(LINES, List.of());

    lookUps.answer(of(SELLER, PAID), endpoint("take"), _ -> {});

    assertThat(fake.inAccounts()).containsExactly(SELLER + " " + LINES);
  }

  @Test
  void ourOwnLineItemsAreAskedForInNobodysName() {
    fake.list(LINES, List.of());

    lookUps.answer(Bodies.webhook("stripe", Bodies.body(PAID)), endpoint("take"), _ -> {});

    assertThat(fake.requests()).hasSize(1);
    assertThat(fake.inAccounts()).isEmpty();
  }

  @Test
  void aThinEventsContextIsTheAccount() {
    fake.object(
        "/v1/charges/ch_1",
        """
        {"id": "ch_1", "object": "charge", "amount": 500, "amount_captured": 500, "currency": "usd",
         "captured": true, "payment_intent": "pi_1"}
        """);
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"object": "v2.core.event", "type": "v1.charge.succeeded", "context": "%s",
             "related_object": {"url": "/v1/charges/ch_1"}}
            """
                .formatted(SELLER));

    assertThat(stripe.translate(thin, endpoint(null)))
        .isEqualTo(new Translation.Ignored("connected_account"));
    var answer = (LookUpAnswer.Final) lookUps.answer(thin, endpoint("take"), _ -> {});

    assertThat(((Translation.Facts) answer.translation()).events().getFirst().about())
        .satisfies(about -> assertThat(about.connectedAccount()).isEqualTo(SELLER));
    assertThat(fake.inAccounts()).containsExactly(SELLER + " /v1/charges/ch_1");
  }

  @Test
  void aRefundIsAskedForInItsName() {
    fake.object("/v1/payment_intents/pi_1", "{\"currency\": \"usd\", \"amount_received\": 900}");
    fake.object("/v1/refunds", "{\"id\": \"re_1\", \"amount\": 500, \"currency\": \"usd\"}");

    Outcome outcome = refunds("take").refund(request(SELLER));

    assertThat(outcome).isInstanceOf(Outcome.Asked.class);
    assertThat(fake.inAccounts())
        .containsExactly(SELLER + " /v1/payment_intents/pi_1", SELLER + " /v1/refunds");
  }

  @Test
  void noRefundIsAskedForInTheNameOfAnAccountThatIsNotTaken() {
    assertThat(refunds("ignore").refund(request(SELLER))).isInstanceOf(Outcome.Refused.class);
    assertThat(refunds("take").refund(request("acct_1\r\nX: y")))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void theirMissedEventsAreAskedForAccountByAccountAndSayWhoseTheyAre() throws Exception {
    fake.list(
        "/v1/events",
        List.of("{\"id\": \"evt_1\", \"type\": \"charge.succeeded\", \"created\": 1}"));
    fake.list("/v1/accounts", List.of("{\"id\": \"acct_1\"}", "{\"id\": \"acct_2\"}"));

    List<Webhook> found = missed("take");

    // in two groups of types each
    assertThat(found)
        .extracting(event -> new String(event.body(), UTF_8).replaceAll(".*\"account\":", ""))
        .filteredOn(body -> body.startsWith("\"acct_"))
        .containsExactly("\"acct_1\"}", "\"acct_1\"}", "\"acct_2\"}", "\"acct_2\"}");
    assertThat(found).hasSize(6);
    assertThat(fake.inAccounts())
        .containsExactly(
            "acct_1 /v1/events", "acct_1 /v1/events", "acct_2 /v1/events", "acct_2 /v1/events");
  }

  @Test
  void nobodyAsksForAccountsWhoseEventsAreIgnored() throws Exception {
    fake.list("/v1/events", List.of());

    assertThat(missed("ignore")).isEmpty();
    assertThat(fake.requests()).noneMatch(path -> path.startsWith("/v1/accounts"));
  }

  @Test
  void anotherValueStopsTheStart() {
    assertThat(stripe.complaint(endpoint("maybe"))).isPresent();
    assertThat(stripe.complaint(endpoint("take"))).isEmpty();
    assertThat(stripe.settings()).contains("connect");
  }

  private List<Webhook> missed(String connect) throws Exception {
    MissedEvents events = stripe.missedEvents(endpoint(connect)).orElseThrow();
    var found = new ArrayList<Webhook>();
    String cursor = null;
    do {
      MissedEvents.Page page = events.page(Instant.EPOCH, cursor, Bodies.RECEIVED_AT);
      found.addAll(page.events());
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  private Refunds refunds(String connect) {
    return stripe.refunds(endpoint(connect)).orElseThrow();
  }

  private static Refunds.Request request(String account) {
    return new Refunds.Request(
        "pi_1",
        account,
        Money.ofMinor(500, "USD"),
        Refunds.Why.REQUESTED_BY_CUSTOMER,
        null,
        "key-1");
  }

  private static Webhook of(String account, String name) {
    String body = new String(Bodies.body(name), UTF_8);
    return Bodies.webhook("stripe", body.replaceFirst("\\{", "{\"account\": \"" + account + "\","));
  }

  private Endpoint endpoint(@Nullable String connect) {
    Endpoint plain = fake.endpoint("stripe");
    var settings = new HashMap<>(plain.settings());
    if (connect != null) {
      settings.put("connect", connect);
    }
    return new Endpoint(
        plain.name(),
        plain.provider(),
        plain.account(),
        plain.secrets(),
        plain.mode(),
        plain.ordersFrom(),
        settings);
  }
}
