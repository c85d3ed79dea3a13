package dev.quittance.ingest.provider.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An account that several shops share, and an endpoint that takes one shop's payments.
final class PaymentFilterTest {

  private static final String SESSIONS = "/v1/checkout/sessions";
  private static final String INTENT = "/v1/payment_intents/pi_3Qx";
  private static final String LINES = SESSIONS + "/cs_live_a1Qx/line_items";
  private static final Translation ANOTHERS = new Translation.Ignored("other_metadata");

  private final FakeStripe fake = new FakeStripe();
  private final Stripe stripe = new Stripe();
  private final StripeLookUps lookUps = new StripeLookUps();
  private final Endpoint garden = endpoint("metadata.shop=garden");

  @BeforeEach
  void nothingIsKnown() {
    fake.list(SESSIONS, List.of());
    fake.list("/v1/invoice_payments", List.of());
    fake.object(INTENT, object("payment_intent", "{}"));
    fake.list(LINES, List.of());
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void whatAnObjectSaysOfItselfNeedsNoQuestion() {
    Translation ours = translate(paid("{\"shop\": \"garden\"}"), garden);
    Translation theirs = translate(paid("{\"shop\": \"kitchen\"}"), garden);

    assertThat(((Translation.Open) ours).events()).hasSize(1);
    assertThat(theirs).isEqualTo(ANOTHERS);
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void withoutTheSettingAllPaymentsAreTaken() {
    assertThat(((Translation.Open) translate(paid("{}"), fake.endpoint("stripe"))).events())
        .hasSize(1);
  }

  @Test
  void allKeysHaveToMatchAndOneValueOfEach() {
    Endpoint both = endpoint("metadata.shop=garden, metadata.shop=orchard, metadata.region=eu");

    assertThat(translate(paid("{\"shop\": \"orchard\", \"region\": \"eu\"}"), both))
        .isInstanceOfSatisfying(
            Translation.Open.class, open -> assertThat(open.events()).isNotEmpty());
    assertThat(translate(paid("{\"shop\": \"orchard\", \"region\": \"us\"}"), both))
        .isEqualTo(ANOTHERS);
    // one key that doesn't match is enough, whatever the other would be
    assertThat(translate(paid("{\"region\": \"us\"}"), both)).isEqualTo(ANOTHERS);
    assertThat(translate(paid("{\"shop\": \"orchard\"}"), both))
        .isEqualTo(new Translation.Open(List.of()));
  }

  @Test
  void aSessionThatSaysNothingIsItsPaymentIntents() {
    assertThat(translate(paid("{}"), garden)).isEqualTo(new Translation.Open(List.of()));

    fake.object(INTENT, object("payment_intent", "{\"shop\": \"garden\"}"));
    assertThat(facts(answer(paid("{}"), garden)))
        .extracting(Object::getClass)
        .containsExactly(PaymentEvent.Succeeded.class, PaymentEvent.ItemsKnown.class);

    fake.object(INTENT, object("payment_intent", "{\"shop\": \"kitchen\"}"));
    assertThat(answer(paid("{}"), garden)).isEqualTo(new LookUpAnswer.Final(ANOTHERS));
  }

  @Test
  void aPaymentOfWhichNobodySaysWhoseItIsIsAnothers() {
    assertThat(answer(paid("{}"), garden)).isEqualTo(new LookUpAnswer.Final(ANOTHERS));
    assertThat(answer("charge.dispute.created", garden))
        .isEqualTo(new LookUpAnswer.Final(ANOTHERS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "charge.dispute.created",
        "charge.dispute.closed.lost",
        "refund.updated.succeeded",
        "charge.refunded.partial",
        "charge.captured",
        "charge.updated.second_capture"
      })
  void whatDoesNotSayWhoseItIsFollowsItsPayment(String name) {
    assertThat(stripe.translate(of(name), garden)).isEqualTo(new Translation.Open(List.of()));
    assertThat(lookUps.meanwhile(of(name), garden)).isEmpty();
    assertThat(answer(name, garden)).isEqualTo(new LookUpAnswer.Final(ANOTHERS));

    // a session's metadata are copied nowhere: only the session says it
    fake.list(SESSIONS, List.of(object("checkout.session", "{\"shop\": \"garden\"}")));
    assertThat(facts(answer(name, garden)))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.about().order().value()).startsWith("stripe:pi_"));
  }

  @Test
  void aPaymentIntentThatSaysNothingIsItsSessions() {
    Endpoint intents = endpoint("metadata.shop=garden", OrdersFrom.PAYMENT_INTENTS);
    String name = "payment_intent.succeeded.overcapture";
    assertThat(answer(name, intents)).isEqualTo(new LookUpAnswer.Final(ANOTHERS));

    fake.list(SESSIONS, List.of(object("checkout.session", "{\"shop\": \"garden\"}")));

    assertThat(facts(answer(name, intents))).hasSize(1);
  }

  @Test
  void aSubscriptionsFirstPaymentIsItsSessions() {
    fake.list("/v1/invoice_payments", List.of("{\"id\": \"inpay_1\", \"invoice\": \"in_1\"}"));
    fake.object(
        "/v1/invoices/in_1",
        """
        {"id": "in_1", "billing_reason": "subscription_create",
         "parent": {"subscription_details": {"subscription": "sub_1", "metadata": {}}}}
        """);
    fake.listOf(
        SESSIONS,
        "subscription",
        List.of(object("checkout.session", "{\"shop\": \"garden\"}").replace("x_1", "cs_1")));

    assertThat(facts(answer("charge.dispute.created", garden)).getFirst().about().order().value())
        .isEqualTo("stripe:cs_1");

    fake.object(
        "/v1/invoices/in_1",
        """
        {"id": "in_1", "billing_reason": "subscription_create", "parent": {"subscription_details":
          {"subscription": "sub_1", "metadata": {"shop": "kitchen"}}}}
        """);
    assertThat(answer("charge.dispute.created", garden))
        .isEqualTo(new LookUpAnswer.Final(ANOTHERS));
  }

  @Test
  void aRefundWithoutPaymentIntentIsItsCharges() {
    fake.object(
        "/v1/charges/ch_3Qx", object("charge", "{\"shop\": \"garden\"}").replace("x_1", "ch_3Qx"));
    assertThat(facts(answer("refund.created.by_charge", garden))).hasSize(1);

    fake.object("/v1/charges/ch_3Qx", object("charge", "{\"shop\": \"kitchen\"}"));
    assertThat(answer("refund.created.by_charge", garden))
        .isEqualTo(new LookUpAnswer.Final(ANOTHERS));
  }

  @Test
  void anOutageIsWaitedForAndThenItIsADeadLetterAndNobodysGuess() {
    fake.fail(INTENT, 503);

    assertThat(answer("charge.dispute.created", garden))
        .isEqualTo(new LookUpAnswer.NotNow("status_503", null));
    assertThat(lookUps.giveUp(of("charge.dispute.created"), garden))
        .isInstanceOfSatisfying(
            Translation.Untranslatable.class,
            dead -> assertThat(dead.why()).isEqualTo(DeadLetter.Why.PAYMENT_UNKNOWN));
  }

  @Test
  void aKeyThatMayNotAskIsWaitedForMuchLonger() {
    fake.fail(INTENT, 403);

    assertThat(answer("charge.dispute.created", garden))
        .isEqualTo(new LookUpAnswer.NoAccess("status_403"));
    assertThat(answer(paid("{}"), garden)).isEqualTo(new LookUpAnswer.NoAccess("status_403"));
  }

  @Test
  void aThinEventIsItsObjects() {
    Webhook thin =
        Bodies.webhook(
            "stripe",
            """
            {"object": "v2.core.event", "type": "v1.charge.succeeded",
             "related_object": {"url": "/v1/charges/ch_1"}}
            """);
    String charge =
        """
        {"id": "ch_1", "object": "charge", "amount": 500, "amount_captured": 500, "currency": "usd",
         "captured": true, "payment_intent": "pi_3Qx", "metadata": %s}
        """;
    fake.object("/v1/charges/ch_1", charge.formatted("{\"shop\": \"garden\"}"));
    assertThat(facts(lookUps.answer(thin, garden, _ -> {}))).hasSize(1);

    fake.object("/v1/charges/ch_1", charge.formatted("{}"));
    assertThat(lookUps.answer(thin, garden, _ -> {})).isEqualTo(new LookUpAnswer.Final(ANOTHERS));

    fake.fail(INTENT, 403);
    assertThat(lookUps.answer(thin, garden, _ -> {}))
        .isEqualTo(new LookUpAnswer.NoAccess("status_403"));
  }

  @Test
  void whatConcernsNoPaymentIsNotAskedFor() {
    assertThat(stripe.translate(of("payment_intent.created"), garden))
        .isEqualTo(Translation.unknownType());
    assertThat(stripe.translate(of("checkout.session.completed.setup"), garden))
        .isEqualTo(new Translation.Ignored("setup_mode"));
  }

  @Test
  void ofWhatCannotBeReadItIsAskedFirstWhoseItIs() {
    String unreadable = "charge.dispute.closed.unknown_outcome";
    assertThat(answer(unreadable, garden)).isEqualTo(new LookUpAnswer.Final(ANOTHERS));

    fake.object(INTENT, object("payment_intent", "{\"shop\": \"garden\"}"));

    assertThat(((LookUpAnswer.Final) answer(unreadable, garden)).translation())
        .isInstanceOf(Translation.Untranslatable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop=garden",
        "metadata.shop",
        "metadata.=garden",
        "metadata.shop=",
        "metadata.sh[op]=garden",
        "metadata.shop=garden,",
        "metadata. =garden",
        "metadata.this_key_is_longer_than_forty_characters_x=1"
      })
  void anotherFormStopsTheStartAndSaysWhatToSet(String only) {
    assertThat(stripe.complaint(endpoint(only)).orElseThrow())
        .contains("of only isn't metadata.<key>=<value>");
  }

  @Test
  void tooManyConditionsStopTheStart() {
    String many = "metadata.shop=garden" + ",metadata.shop=x".repeat(PaymentFilter.CONDITIONS_MAX);

    assertThat(stripe.complaint(endpoint(many)).orElseThrow()).contains("more than 50 conditions");
  }

  @Test
  void withoutAKeyTheStartSaysThatRefundsAndDisputesCannotBeTold() {
    Endpoint plain = fake.endpoint("stripe");
    var unasked =
        new Endpoint(
            plain.name(),
            plain.provider(),
            plain.account(),
            plain.secrets(),
            plain.mode(),
            plain.ordersFrom(),
            Map.of("only", "metadata.shop=garden"));

    assertThat(stripe.complaint(unasked).orElseThrow())
        .contains("only needs an api-key")
        .contains("refunds and disputes");
    assertThat(stripe.complaint(garden)).isEmpty();
    assertThat(stripe.settings()).contains("only");
    assertThat(stripe.takesOnly(garden)).containsExactly("metadata.shop=garden");
  }

  private LookUpAnswer answer(String name, Endpoint by) {
    return lookUps.answer(of(name), by, _ -> {});
  }

  private LookUpAnswer answer(Webhook webhook, Endpoint by) {
    return lookUps.answer(webhook, by, _ -> {});
  }

  private Translation translate(Webhook webhook, Endpoint by) {
    return stripe.translate(webhook, by);
  }

  private static List<PaymentEvent> facts(LookUpAnswer answer) {
    Translation translation =
        switch (answer) {
          case LookUpAnswer.Final(var said) -> said;
          case LookUpAnswer.Unanswered(var said) -> said;
          case LookUpAnswer.NotNow _, LookUpAnswer.NoAccess _ ->
              throw new AssertionError(answer.toString());
        };
    return ((Translation.Facts) translation).events();
  }

  /// A body whose object says nothing of a shop.
  private static Webhook of(String name) {
    return Bodies.webhook("stripe", Bodies.body("stripe/" + name));
  }

  private static Webhook paid(String metadata) {
    String body =
        new String(Bodies.body("stripe/checkout.session.completed.paid"), StandardCharsets.UTF_8);
    return new Webhook(
        "stripe",
        "evt_test",
        body.replaceFirst("\"metadata\": \\{[^}]*}", "\"metadata\": " + metadata)
            .getBytes(StandardCharsets.UTF_8),
        Bodies.RECEIVED_AT,
        CloudEvent.Origin.WEBHOOK,
        null);
  }

  private static String object(String object, String metadata) {
    return "{\"id\": \"x_1\", \"object\": \"%s\", \"metadata\": %s}".formatted(object, metadata);
  }

  private Endpoint endpoint(String only) {
    return endpoint(only, OrdersFrom.CHECKOUT);
  }

  private Endpoint endpoint(String only, OrdersFrom ordersFrom) {
    Endpoint plain = fake.endpoint("stripe");
    var settings = new HashMap<>(plain.settings());
    settings.put("only", only);
    return new Endpoint(
        plain.name(),
        plain.provider(),
        plain.account(),
        plain.secrets(),
        plain.mode(),
        ordersFrom,
        settings);
  }
}
