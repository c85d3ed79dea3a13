package dev.quittance.ingest.provider.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StripeLookUpsTest {

  private static final String PAID = "stripe/checkout.session.completed.paid";
  private static final String LINES = "/v1/checkout/sessions/cs_live_a1Qx/line_items";

  private final FakeStripe fake = new FakeStripe();
  private final Endpoint endpoint = fake.endpoint("stripe");
  private final Stripe stripe = new Stripe();
  private final StripeLookUps lookUps = new StripeLookUps();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void withAKeyThePaymentGoesOutAtOnceAndItsItemsAreAskedFor() {
    var open = (Translation.Open) stripe.translate(webhook(PAID), endpoint);

    var succeeded = (PaymentEvent.Succeeded) open.events().getFirst();
    assertThat(succeeded.details().itemsState()).isEqualTo(ItemsState.PENDING);
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void twoHundredAndFiftyLinesComeCompleteAndInOrder() {
    fake.list(LINES, IntStream.range(0, 250).mapToObj(StripeLookUpsTest::line).toList());

    var known = (PaymentEvent.ItemsKnown) only(PAID);

    assertThat(known.itemsState()).isEqualTo(ItemsState.KNOWN);
    assertThat(known.about().order().value()).isEqualTo("stripe:pi_3Qx");
    assertThat(known.lineItems())
        .extracting(LineItem::id)
        .containsExactlyElementsOf(IntStream.range(0, 250).mapToObj(n -> "li_" + n).toList());
    assertThat(fake.requests()).hasSize(3);
  }

  @Test
  void aLineTellsItsQuantityDiscountTaxAndProduct() {
    fake.list(LINES, List.of(line(3)));

    LineItem line = ((PaymentEvent.ItemsKnown) only(PAID)).lineItems().getFirst();

    assertThat(line.quantity()).isEqualTo(4);
    assertThat(line.amount()).isEqualTo(Money.ofMinor(4_300, "EUR"));
    assertThat(line.discount()).isEqualTo(Money.ofMinor(500, "EUR"));
    assertThat(line.tax()).isEqualTo(Money.ofMinor(800, "EUR"));
    assertThat(line.unitAmount()).isEqualTo(Money.ofMinor(1_000, "EUR"));
    assertThat(line.product()).isEqualTo("prod_3");
    assertThat(line.sku()).isEqualTo("mug-3");
  }

  @Test
  void aLineThatTheCustomerTookOutIsNone() {
    fake.list(LINES, List.of(line(1).replace("\"quantity\": 2", "\"quantity\": 0"), line(2)));

    assertThat(((PaymentEvent.ItemsKnown) only(PAID)).lineItems())
        .extracting(LineItem::id)
        .containsExactly("li_2");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404})
  void whatStripeRefusesStaysUnknown(int status) {
    fake.fail(LINES, status);

    var untold = (LookUpAnswer.Unanswered) answer(PAID);

    var known =
        (PaymentEvent.ItemsKnown) ((Translation.Facts) untold.translation()).events().getFirst();
    assertThat(known.itemsState()).isEqualTo(ItemsState.UNKNOWN);
    assertThat(known.lineItems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 429, 500, 502, 503})
  void whatStripeCannotTellNowIsAskedAgain(int status) {
    fake.fail(LINES, status);

    assertThat(answer(PAID)).isEqualTo(new LookUpAnswer.NotNow("status_" + status, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Bad gateway</html>", "{}", "null", "{\"error\": \"no\"}"})
  void whatIsAnsweredByWhoeverStandsBeforeStripeIsAskedAgain(String body) {
    fake.fail(LINES, 503, body);

    assertThat(answer(PAID)).isInstanceOf(LookUpAnswer.NotNow.class);
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsAskedForAgain() {
    fake.hang(LINES);

    assertThat(
            lookUps.answer(webhook(PAID), fake.endpoint("stripe", Duration.ofSeconds(1)), _ -> {}))
        .isEqualTo(new LookUpAnswer.NotNow("no_connection", null));
  }

  @Test
  void givingUpMakesTheItemsUnknown() {
    var facts = (Translation.Facts) lookUps.giveUp(webhook(PAID), endpoint);

    assertThat(((PaymentEvent.ItemsKnown) facts.events().getFirst()).itemsState())
        .isEqualTo(ItemsState.UNKNOWN);
  }

  @Test
  void aRefundIsLinkedByItsCharge() {
    paidByACheckout();
    fake.object("/v1/charges/ch_3Qx", "{\"id\": \"ch_3Qx\", \"payment_intent\": \"pi_3Qx\"}");

    assertThat(only("stripe/refund.created.by_charge").about().order().value())
        .isEqualTo("stripe:pi_3Qx");
  }

  @Test
  void aChargeThatTrulyHasNoIntentIsThePayment() {
    fake.object(
        "/v1/charges/ch_000000000000000000000000",
        "{\"id\": \"ch_000000000000000000000000\", \"payment_intent\": null}");

    PaymentEvent dispute = only("published/stripe/charge.dispute.created");

    assertThat(dispute).isInstanceOf(PaymentEvent.DisputeUpdated.class);
    assertThat(dispute.about().order().value()).isEqualTo("stripe:ch_000000000000000000000000");
  }

  @Test
  void aRefundWhoseChargeStripeDoesNotKnowIsDeadLettered() {
    assertThat(answer("stripe/refund.created.by_charge"))
        .isInstanceOfSatisfying(
            LookUpAnswer.Unanswered.class,
            end ->
                assertThat(end.translation())
                    .isInstanceOfSatisfying(
                        Translation.Untranslatable.class,
                        dead -> assertThat(dead.why()).isEqualTo(DeadLetter.Why.PAYMENT_UNKNOWN)));
  }

  @Test
  void singleRefundsAreFetchedWhereOnlyTheTotalIsTold() {
    paidByACheckout();
    fake.list(
        "/v1/refunds",
        List.of(
            "{\"id\": \"re_1\", \"amount\": 1000, \"currency\": \"eur\", \"status\": \"succeeded\"}"));

    List<PaymentEvent> events = facts("stripe/charge.refunded.partial");

    assertThat(events.getFirst()).isInstanceOf(PaymentEvent.RefundTotalUpdated.class);
    var refund = (PaymentEvent.RefundUpdated) events.getLast();
    assertThat(refund.refund()).isEqualTo("re_1");
    assertThat(refund.about().order().value()).isEqualTo("stripe:pi_3Qx");
    assertThat(fake.requests()).contains("/v1/refunds?charge=ch_3Qx&limit=100");
  }

  @Test
  void theReleaseThatTheApiListsBesideARefundIsNone() {
    paidByACheckout();
    fake.list(
        "/v1/refunds",
        List.of(
            """
            {"id": "re_1", "object": "refund", "amount": 500, "currency": "eur",
             "balance_transaction": "txn_1", "charge": "ch_3Qx", "status": "succeeded"}
            """,
            """
            {"id": "re_release", "object": "refund", "amount": 6000, "currency": "eur",
             "balance_transaction": null, "charge": "ch_3Qx", "status": "succeeded"}
            """));
    var facts = new ArrayList<PaymentFact>();
    List<PaymentEvent> events = new ArrayList<>(facts("stripe/charge.refunded.release_and_refund"));
    events.addAll(
        ((Translation.Facts)
                stripe.translate(
                    webhook("stripe/charge.captured.in_part_release_counted"), endpoint))
            .events());
    for (PaymentEvent event : events) {
      facts.add(new PaymentFact(EventId.canonical("stripe", "evt_" + facts.size(), 0), 1, event));
    }

    PaymentPicture picture = PaymentPicture.of(facts);

    assertThat(picture.refunds()).containsOnlyKeys("re_1", "re_release");
    assertThat(picture.refunded()).isEqualTo(Money.ofMinor(500, "EUR"));
  }

  @Test
  void aRefundOfACheckoutsPaymentBelongsToItsPaymentIntent() {
    fake.list("/v1/checkout/sessions", List.of("{\"id\": \"cs_live_3Qx\"}"));

    assertThat(only("stripe/refund.updated.succeeded").about().order().value())
        .isEqualTo("stripe:pi_3Qx");
    assertThat(fake.requests())
        .containsExactly("/v1/checkout/sessions?limit=1&payment_intent=pi_3Qx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"subscription\": \"sub_1\"",
        "\"parent\": {\"subscription_details\": {\"subscription\": \"sub_1\"}}"
      })
  void aRefundOfASubscriptionsFirstPaymentBelongsToItsSession(String subscription) {
    subscription(subscription, "subscription_create");

    assertThat(only("stripe/refund.updated.succeeded").about().order().value())
        .isEqualTo("stripe:cs_live_sub");
    assertThat(only("stripe/charge.dispute.created").about().order().value())
        .isEqualTo("stripe:cs_live_sub");
    assertThat(facts("stripe/charge.refunded.listed"))
        .hasSizeGreaterThan(1)
        .allSatisfy(
            fact -> assertThat(fact.about().order().value()).isEqualTo("stripe:cs_live_sub"));
  }

  @Test
  void aRefundOfARenewalIsNoneOfOurBusiness() {
    subscription("\"subscription\": \"sub_1\"", "subscription_cycle");

    assertThat(answer("stripe/refund.updated.succeeded"))
        .isEqualTo(new LookUpAnswer.Final(new Translation.Ignored("renewal")));
  }

  @Test
  void duringAnOutageARefundCountsForItsPaymentIntentAtOnce() {
    fake.fail("/v1/checkout/sessions", 503);
    Webhook refund = webhook("stripe/refund.updated.succeeded");

    assertThat(stripe.translate(refund, endpoint)).isEqualTo(new Translation.Open(List.of()));
    assertThat(lookUps.answer(refund, endpoint, _ -> {}))
        .isEqualTo(new LookUpAnswer.NotNow("status_503", null));
    assertThat(lookUps.meanwhile(refund, endpoint))
        .extracting(event -> event.about().order().value())
        .containsExactly("stripe:pi_3Qx");
    assertThat(((Translation.Facts) lookUps.giveUp(refund, endpoint)).events())
        .isEqualTo(lookUps.meanwhile(refund, endpoint));
  }

  @Test
  void whereOrdersComeFromPaymentIntentsNobodyIsAskedWhoseARefundIs() {
    var intents =
        new Endpoint(
            "stripe",
            "stripe",
            "stripe",
            endpoint.secrets(),
            Endpoint.Mode.ANY,
            Endpoint.OrdersFrom.PAYMENT_INTENTS,
            endpoint.settings());

    assertThat(stripe.translate(webhook("stripe/refund.updated.succeeded"), intents))
        .isInstanceOf(Translation.Facts.class);
    assertThat(lookUps.meanwhile(webhook("stripe/refund.updated.succeeded"), intents)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void whatMeansNothingAloneWaitsForAKeyThatIsAccepted(int status) {
    fake.fail("/v1/charges/ch_3Qx", status);
    fake.fail("/v1/checkout/sessions/cs_thin", status);
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"object": "v2.core.event", "type": "v1.checkout.session.completed",
             "related_object": {"url": "/v1/checkout/sessions/cs_thin"}}
            """);

    assertThat(answer("stripe/refund.created.by_charge"))
        .isEqualTo(new LookUpAnswer.NoAccess("status_" + status));
    assertThat(lookUps.answer(thin, endpoint, _ -> {}))
        .isEqualTo(new LookUpAnswer.NoAccess("status_" + status));
  }

  @Test
  void aSessionThatDoesNotSayWhetherItIsPaidIsToldAnew() {
    fake.object(
        "/v1/checkout/sessions/cs_2019",
        """
        {"id": "cs_2019", "payment_intent": "pi_2019", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 3000, "currency": "usd",
         "livemode": true}
        """);
    fake.list("/v1/checkout/sessions/cs_2019/line_items", List.of(line(1)));

    assertThat(facts("stripe/checkout.session.completed.2019"))
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Succeeded", "ItemsKnown");
  }

  private void paidByACheckout() {
    fake.listOf("/v1/checkout/sessions", "payment_intent", List.of("{\"id\": \"cs_live_a1Qx\"}"));
  }

  private void subscription(String subscription, String reason) {
    fake.listOf("/v1/checkout/sessions", "payment_intent", List.of());
    fake.listOf("/v1/checkout/sessions", "subscription", List.of("{\"id\": \"cs_live_sub\"}"));
    fake.list("/v1/invoice_payments", List.of("{\"id\": \"inpay_1\", \"invoice\": \"in_1\"}"));
    fake.object(
        "/v1/invoices/in_1",
        "{\"id\": \"in_1\", \"billing_reason\": \"%s\", %s}".formatted(reason, subscription));
  }

  private List<PaymentEvent> facts(String name) {
    return ((Translation.Facts) ((LookUpAnswer.Final) answer(name)).translation()).events();
  }

  @Test
  void aThinEventIsFetchedWithItsItems() {
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"id": "evt_thin", "object": "v2.core.event", "type": "v1.checkout.session.completed",
             "created": "2026-11-22T10:00:00.000Z", "livemode": true,
             "related_object": {"id": "cs_thin", "type": "checkout.session",
              "url": "/v1/checkout/sessions/cs_thin"}}
            """);
    fake.object(
        "/v1/checkout/sessions/cs_thin",
        """
        {"id": "cs_thin", "payment_intent": "pi_thin", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 500, "currency": "eur"}
        """);
    fake.list("/v1/checkout/sessions/cs_thin/line_items", List.of(line(0)));

    assertThat(stripe.translate(thin, endpoint)).isEqualTo(new Translation.Open(List.of()));
    var facts =
        (Translation.Facts)
            ((LookUpAnswer.Final) lookUps.answer(thin, endpoint, _ -> {})).translation();

    assertThat(facts.events())
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Succeeded", "ItemsKnown");
    assertThat(facts.events().getFirst().about().occurredAt())
        .isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
    assertThat(facts.events().getFirst().about().order().value()).isEqualTo("stripe:pi_thin");
  }

  @Test
  void ofAThinEventWhoseItemsAreNotAnsweredThePaymentHolds() {
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"id": "evt_thin", "object": "v2.core.event", "type": "v1.checkout.session.completed",
             "created": "2026-11-22T10:00:00.000Z", "livemode": true,
             "related_object": {"url": "/v1/checkout/sessions/cs_thin"}}
            """);
    fake.object(
        "/v1/checkout/sessions/cs_thin",
        """
        {"id": "cs_thin", "payment_intent": "pi_thin", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 500, "currency": "eur"}
        """);
    fake.fail("/v1/checkout/sessions/cs_thin/line_items", 503);

    var notNow = (LookUpAnswer.NotNow) lookUps.answer(thin, endpoint, _ -> {});

    paidWithUnknownItems(notNow.otherwise());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void ofASessionThatIsToldAnewThePaymentHoldsWithoutItsItems(int status) {
    fake.object(
        "/v1/checkout/sessions/cs_2019",
        """
        {"id": "cs_2019", "payment_intent": "pi_2019", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 500, "currency": "eur",
         "livemode": true}
        """);
    fake.fail("/v1/checkout/sessions/cs_2019/line_items", status);

    paidWithUnknownItems(
        switch (answer("stripe/checkout.session.completed.2019")) {
          case LookUpAnswer.Unanswered(var translation) -> translation;
          case LookUpAnswer.NotNow(_, var untold) -> untold;
          case LookUpAnswer.Final _, LookUpAnswer.NoAccess _ -> null;
        });
  }

  private static void paidWithUnknownItems(@Nullable Translation untold) {
    assertThat(untold).isInstanceOf(Translation.Facts.class);
    List<PaymentEvent> events = ((Translation.Facts) Objects.requireNonNull(untold)).events();
    assertThat(events.getFirst()).isInstanceOf(PaymentEvent.Succeeded.class);
    assertThat(((PaymentEvent.Succeeded) events.getFirst()).details().amount())
        .isEqualTo(Money.ofMinor(500, "EUR"));
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            PaymentEvent.ItemsKnown.class,
            items -> assertThat(items.itemsState()).isEqualTo(ItemsState.UNKNOWN));
  }

  /// Another key may find out whose it is.
  @Test
  void aRefundWhoseSessionIsRefusedCountsForItsIntentUntilABetterAnswer() {
    fake.object("/v1/charges/ch_3Qx", "{\"id\": \"ch_3Qx\", \"payment_intent\": \"pi_1\"}");
    fake.fail("/v1/checkout/sessions", 403);

    assertThat(answer("stripe/refund.created.by_charge"))
        .isInstanceOfSatisfying(
            LookUpAnswer.Unanswered.class,
            untold ->
                assertThat(((Translation.Facts) untold.translation()).events())
                    .singleElement()
                    .satisfies(event ->
                        assertThat(event.about().order().value()).isEqualTo("stripe:pi_1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example/v1/charges/ch_1", "/v1/balance", "/v1/charges/../x"})
  void aThinEventCannotHaveUsFetchAnythingElse(String url) {
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"object": "v2.core.event", "type": "v1.charge.succeeded",
             "related_object": {"url": "%s"}}
            """
                .formatted(url));

    assertThat(stripe.translate(thin, endpoint)).isInstanceOf(Translation.Untranslatable.class);
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void withoutAKeyAThinEventIsDeadLettered() {
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"object": "v2.core.event", "type": "v1.charge.succeeded",
             "related_object": {"url": "/v1/charges/ch_1"}}
            """);

    assertThat(stripe.translate(thin, Bodies.endpoint("stripe")))
        .isInstanceOf(Translation.Untranslatable.class);
  }

  @Test
  void missedEventsComeInPagesOfAllTypesThatConcernAPayment() throws Exception {
    fake.list(
        "/v1/events",
        IntStream.range(0, 120)
            .mapToObj(n ->
                "{\"id\": \"evt_%d\", \"type\": \"charge.succeeded\", \"created\": %d}"
                    .formatted(n, 1_785_000_000 - n))
            .toList());
    MissedEvents missed = stripe.missedEvents(endpoint).orElseThrow();
    Instant since = Instant.ofEpochSecond(1_784_000_000);
    var found = new ArrayList<String>();

    var page = missed.page(since, null, Bodies.RECEIVED_AT);
    assertThat(page.occurredAt()).isEqualTo(Instant.ofEpochSecond(1_785_000_000 - 99));
    while (true) {
      page.events().forEach(event -> found.add(event.eventId()));
      if (page.next() == null) {
        break;
      }
      page = missed.page(since, page.next(), Bodies.RECEIVED_AT);
    }

    assertThat(found).hasSize(240).startsWith("evt_0", "evt_1").contains("evt_119");
    assertThat(fake.requests().getFirst())
        .startsWith("/v1/events?delivery_success=false&created[gte]=1784000000&types[0]=checkout")
        .contains("types[19]=")
        .doesNotContain("types[20]=");
  }

  private PaymentEvent only(String name) {
    var end = (LookUpAnswer.Final) answer(name);
    return ((Translation.Facts) end.translation()).events().getFirst();
  }

  private LookUpAnswer answer(String name) {
    return lookUps.answer(webhook(name), endpoint, _ -> {});
  }

  private static Webhook webhook(String name) {
    return Bodies.webhook("stripe", Bodies.body(name));
  }

  private static String line(int n) {
    return """
    {"id": "li_%1$d", "object": "item", "description": "Mug %1$d", "quantity": %2$d,
     "amount_subtotal": %3$d, "amount_discount": 500, "amount_tax": 800,
     "amount_total": %4$d, "currency": "eur",
     "price": {"id": "price_%1$d", "product": "prod_%1$d", "lookup_key": "mug-%1$d",
      "unit_amount": 1000, "currency": "eur"}}
    """
        .formatted(n, n + 1, (n + 1) * 1000, (n + 1) * 1000 + 300);
  }
}
