package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A payment whose amount isn't usable is asked for where Stripe can be asked, and is a dead letter
/// where it can't.
final class StripeAmountsTest {

  private static final String SESSION = "/v1/checkout/sessions/cs_1";
  private static final String LINES = SESSION + "/line_items";

  private final FakeStripe fake = new FakeStripe();
  private final Endpoint asking = fake.endpoint("stripe");
  private final Stripe stripe = new Stripe();
  private final StripeLookUps lookUps = new StripeLookUps();

  @AfterEach
  void close() {
    fake.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"amount_total\": null,",
        "\"amount_total\": \"\",",
        "\"amount_total\": true,"
      })
  void aPaidSessionWithoutUsableAmountIsAskedFor(String amount) {
    fake.object(SESSION, session("\"amount_total\": 3000,"));
    fake.list(LINES, List.of());
    Webhook paid = completed(amount);

    assertThat(stripe.translate(paid, asking)).isEqualTo(new Translation.Open(List.of()));
    var events = facts(lookUps.answer(paid, asking, _ -> {}));

    assertThat(((PaymentEvent.Succeeded) events.getFirst()).details().amount())
        .isEqualTo(Money.ofMinor(3000, "USD"));
    assertThat(events.getLast()).isInstanceOf(PaymentEvent.ItemsKnown.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"amount_total\": null,",
        "\"amount_total\": \"3 k\",",
        "\"amount_total\": -5,"
      })
  void withoutAKeyItIsADeadLetter(String amount) {
    assertUnreadableMoney(stripe.translate(completed(amount), Bodies.endpoint("stripe")));
  }

  @Test
  void aNegativeOneIsADeadLetterAndNobodyIsAsked() {
    assertUnreadableMoney(stripe.translate(completed("\"amount_total\": -500,"), asking));
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void whatStripeCannotSayEitherIsADeadLetter() {
    fake.object(SESSION, session(""));

    assertUnreadableMoney(finalOf(lookUps.answer(completed(""), asking, _ -> {})));
    assertUnreadableMoney(lookUps.giveUp(completed(""), asking));
  }

  @Test
  void whatStripeRefusesToSayWaitsForAnotherKeyAndIsThenADeadLetter() {
    fake.fail(SESSION, 403);
    assertThat(lookUps.answer(completed(""), asking, _ -> {}))
        .isInstanceOf(LookUpAnswer.NoAccess.class);

    fake.heal(SESSION);
    fake.fail(SESSION, 404);
    assertUnreadableMoney(finalOf(lookUps.answer(completed(""), asking, _ -> {})));
  }

  @Test
  void aFreeOrderIsPaidWithNothing() {
    Webhook free =
        Bodies.webhook(
            "stripe",
            event(session("\"amount_total\": 0,").replace("\"paid\"", "\"no_payment_required\"")));

    var open = (Translation.Open) stripe.translate(free, asking);

    assertThat(((PaymentEvent.Succeeded) open.events().getFirst()).details().amount())
        .isEqualTo(Money.ofMinor(0, "USD"));
  }

  /// Stripe: the payment is delayed to a future date; its guide fulfills it.
  @Test
  void byWhatNeedsNoPaymentNothingComesIn() {
    Webhook delayed =
        Bodies.webhook(
            "stripe",
            event(
                session("\"amount_total\": 2500,").replace("\"paid\"", "\"no_payment_required\"")));

    var open = (Translation.Open) stripe.translate(delayed, asking);

    PaymentPicture picture =
        PaymentPicture.of(
            List.of(
                new PaymentFact(
                    EventId.canonical("stripe", "evt_1", 0), 5, open.events().getFirst())));
    assertThat(picture.funded()).isTrue();
    assertThat(picture.amount()).isEqualTo(Money.ofMinor(2_500, "USD"));
    assertThat(picture.paid()).isEqualTo(Money.ofMinor(0, "USD"));
  }

  @Test
  void aRefundWithoutAmountIsAskedFor() {
    String refund =
        "{\"id\": \"re_1\", \"object\": \"refund\", \"charge\": \"ch_1\", %s"
            + "\"payment_intent\": \"pi_1\", \"currency\": \"usd\", \"status\": \"succeeded\"}";
    fake.object("/v1/refunds/re_1", refund.formatted("\"amount\": 700,"));
    fake.listOf("/v1/checkout/sessions", "payment_intent", List.of("{\"id\": \"cs_1\"}"));
    Webhook withoutAmount =
        Bodies.webhook(
            "stripe",
            "{\"id\": \"evt_1\", \"type\": \"refund.created\", \"data\": {\"object\": "
                + refund.formatted("")
                + "}}");

    var answer =
        (PaymentEvent.RefundUpdated)
            facts(lookUps.answer(withoutAmount, asking, _ -> {})).getFirst();

    assertThat(answer.amount()).isEqualTo(Money.ofMinor(700, "USD"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"amount_total\": -300",
        "\"amount_total\": null",
        "\"amount_total\": 300, \"quantity\": 1.5",
        "\"amount_total\": 300, \"quantity\": 99999999999999999999"
      })
  void aLineThatCannotBeReadMakesAllUnknownAndCostsNoPayment(String spoilt) {
    fake.list(
        LINES,
        List.of(
            "{\"id\": \"li_1\", \"currency\": \"usd\", \"amount_total\": 300}",
            "{\"id\": \"li_2\", \"currency\": \"usd\", " + spoilt + "}"));

    var items =
        (PaymentEvent.ItemsKnown)
            facts(lookUps.answer(completed("\"amount_total\": 600,"), asking, _ -> {})).getFirst();

    assertThat(items.itemsState()).isEqualTo(ItemsState.UNKNOWN);
    assertThat(items.lineItems()).isEmpty();
  }

  @Test
  void aDiscountOrTaxThatCannotBeReadIsLeftOut() {
    fake.list(
        LINES,
        List.of(
            "{\"id\": \"li_1\", \"currency\": \"usd\", \"amount_total\": 300,"
                + " \"amount_tax\": -1, \"amount_discount\": \"some\"}"));

    var items =
        (PaymentEvent.ItemsKnown)
            facts(lookUps.answer(completed("\"amount_total\": 300,"), asking, _ -> {})).getFirst();

    assertThat(items.lineItems())
        .singleElement()
        .satisfies(line -> assertThat(line.tax()).isNull())
        .satisfies(line -> assertThat(line.discount()).isNull());
  }

  private static void assertUnreadableMoney(Translation translation) {
    assertThat(translation)
        .isInstanceOfSatisfying(
            Translation.Untranslatable.class,
            dead -> assertThat(dead.why()).isEqualTo(DeadLetter.Why.UNREADABLE_MONEY));
  }

  private static Translation finalOf(LookUpAnswer answer) {
    return switch (answer) {
      case LookUpAnswer.Final(var translation) -> translation;
      case LookUpAnswer.Unanswered(var translation) -> translation;
      case LookUpAnswer.NotNow _, LookUpAnswer.NoAccess _ ->
          throw new AssertionError("not final: " + answer);
    };
  }

  private static List<PaymentEvent> facts(LookUpAnswer answer) {
    return ((Translation.Facts) finalOf(answer)).events();
  }

  private static Webhook completed(String amount) {
    return Bodies.webhook("stripe", event(session(amount)).getBytes(UTF_8));
  }

  private static String event(String session) {
    return "{\"id\": \"evt_1\", \"type\": \"checkout.session.completed\", \"data\": {\"object\": "
        + session
        + "}}";
  }

  private static String session(String amount) {
    return """
    {"id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete", %s
     "payment_status": "paid", "payment_intent": "pi_1", "currency": "usd"}
    """
        .formatted(amount);
  }
}
