package dev.quittance.ingest.afterpayment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.Publication;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProviderQuestionsTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final SessionId SESSION = new SessionId("cs_test_a1B2");

  private final FakeStripe fake = new FakeStripe();
  private final ConcurrentLinkedQueue<Webhook> published = new ConcurrentLinkedQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Clock clock = Clock.fixed(Bodies.RECEIVED_AT, ZoneOffset.UTC);
  private final Stripe stripe = new Stripe();
  private final ProviderQuestions questions =
      questions(List.of(Bodies.endpoint("paysuper"), fake.endpoint("stripe")));

  @AfterEach
  void close() {
    questions.close();
    fake.close();
  }

  @Test
  void aFinishedCheckoutGoesTheWayOfItsWebhook() {
    session("complete", "paid");

    questions.ask(SESSION);

    await().atMost(WAIT_MAX).until(() -> !published.isEmpty());
    Webhook event = published.element();
    assertThat(event.origin()).isEqualTo(CloudEvent.Origin.RECOVERED);
    assertThat(event.eventId()).isEqualTo("returned_cs_test_a1B2_paid");
    var paid = (PaymentEvent.Succeeded) events(event).getFirst();
    assertThat(paid.about().order().value()).isEqualTo("stripe:pi_7");
    assertThat(paid.about().livemode()).isFalse();
    assertThat(paid.details().carriesOrder()).isTrue();
    counted("published", 1);
  }

  @Test
  void theWebhookThatComesLaterAddsNothing() {
    session("complete", "paid");
    questions.ask(SESSION);
    await().atMost(WAIT_MAX).until(() -> !published.isEmpty());
    var returned = fact(published.element(), 0);
    var webhook =
        fact(
            Bodies.webhook(
                "stripe",
                """
                {"id": "evt_7", "type": "checkout.session.completed", "created": 1795000000,
                 "livemode": false, "data": {"object": %s}}
                """
                    .formatted(body("complete", "paid"))),
            1);

    PaymentPicture both = PaymentPicture.of(List.of(returned, webhook));
    PaymentPicture alone = PaymentPicture.of(List.of(webhook));

    assertThat(both.paid()).isEqualTo(alone.paid());
    assertThat(both.standing()).isEqualTo(alone.standing());
    assertThat(both.details()).isEqualTo(alone.details());
  }

  @ParameterizedTest
  @CsvSource({
    "complete,unpaid,Pending",
    "complete,no_payment_required,Succeeded",
    "expired,unpaid,Canceled"
  })
  void howItStandsIsToldAsItsWebhookWould(String status, String payment, String event) {
    session(status, payment);

    questions.ask(SESSION);

    await().atMost(WAIT_MAX).until(() -> !published.isEmpty());
    assertThat(events(published.element()).getFirst().getClass().getSimpleName()).isEqualTo(event);
  }

  @Test
  void anUnfinishedCheckoutIsNoNews() {
    session("open", "unpaid");

    questions.ask(SESSION);

    counted("open", 1);
    assertThat(published).isEmpty();
  }

  @Test
  void aCheckoutThatStripeDoesNotKnowIsNone() {
    questions.ask(SESSION);

    counted("unknown", 1);
    assertThat(published).isEmpty();
  }

  @Test
  void anOutageOfTheProviderIsNoAnswer() {
    fake.fail("/v1/checkout/sessions/cs_test_a1B2", 503);

    questions.ask(SESSION);

    counted("not_now", 1);
  }

  @Test
  void whatIsNoIdOfStripesIsNotAsked() {
    questions.ask(new SessionId("../../v1/balance".replaceAll("[./]", "_")));
    questions.ask(new SessionId("cs_1"));

    assertThat(fake.requests()).isEmpty();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void aTestCheckoutIsNotAskedForWhereOnlyLiveOnesCount() {
    Endpoint any = fake.endpoint("stripe");
    var live =
        new Endpoint(
            "stripe",
            "stripe",
            "stripe",
            any.secrets(),
            Endpoint.Mode.LIVE,
            Endpoint.OrdersFrom.CHECKOUT,
            any.settings());
    try (var strict = questions(List.of(live))) {
      strict.ask(SESSION);
    }

    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void theSameCheckoutIsNotAskedForAgainAtOnce() {
    questions.ask(SESSION);
    questions.ask(SESSION);

    counted("limited", 1);
    counted("unknown", 1);
    assertThat(fake.requests()).hasSize(1);
  }

  @Test
  void aCheckoutIsAskedForAgainAfterAWhileAndAllTogetherNotTooOften() {
    var limits = new AskingLimits(Duration.ofSeconds(15), Bodies.RECEIVED_AT);
    var now = Bodies.RECEIVED_AT;

    for (int n = 0; n < AskingLimits.AT_ONCE; n++) {
      assertThat(limits.admit(new SessionId("cs_" + n), now)).isTrue();
    }
    assertThat(limits.admit(new SessionId("cs_late"), now)).isFalse();
    assertThat(limits.admit(new SessionId("cs_late"), now.plusSeconds(1))).isTrue();
    assertThat(limits.admit(new SessionId("cs_0"), now.plusSeconds(14))).isFalse();
    assertThat(limits.admit(new SessionId("cs_0"), now.plusSeconds(15))).isTrue();
  }

  @Test
  void anIdIsNotPrinted() {
    assertThat(SESSION).hasToString("SessionId[…]");
  }

  private void counted(String outcome, int times) {
    await()
        .atMost(WAIT_MAX)
        .untilAsserted(() ->
            assertThat(registry.counter("quittance.returns.questions", "outcome", outcome).count())
                .isEqualTo(times));
  }

  private ProviderQuestions questions(List<Endpoint> endpoints) {
    return new ProviderQuestions(
        () -> endpoints,
        new Providers(List.of(stripe, new PaySuper())),
        webhook -> {
          published.add(webhook);
          return CompletableFuture.completedStage(new Publication.Safe(0, 0));
        },
        new AskingLimits(Duration.ofSeconds(15), Bodies.RECEIVED_AT),
        registry,
        clock);
  }

  private void session(String status, String payment) {
    fake.object("/v1/checkout/sessions/cs_test_a1B2", body(status, payment));
  }

  private static String body(String status, String payment) {
    return """
    {"id": "cs_test_a1B2", "object": "checkout.session", "payment_intent": "pi_7",
     "payment_status": "%s", "status": "%s", "mode": "payment", "amount_total": 500,
     "currency": "eur", "livemode": false, "client_reference_id": "cart-7"}
    """
        .formatted(payment, status);
  }

  private PaymentFact fact(Webhook webhook, int n) {
    return new PaymentFact(EventId.canonical("stripe", "e" + n, 0), 1, events(webhook).getFirst());
  }

  private List<PaymentEvent> events(Webhook webhook) {
    return ((Translation.Facts) stripe.translate(webhook, Bodies.endpoint("stripe"))).events();
  }
}
