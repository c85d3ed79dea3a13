package dev.quittance.sandbox.delivery;

import static dev.quittance.sandbox.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.stripe.net.Webhook;
import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.delivery.QueuedEvent.State;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.problem.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  private final HandClock clock = new HandClock();
  private final Receiver endpoint = new Receiver();
  private RegisteredEndpoints registered;
  private Deliveries deliveries;

  @BeforeEach
  void open() {
    registered =
        new RegisteredEndpoints(new DocumentStore(directory.resolve("webhook-endpoints.jsonl")));
    deliveries =
        new Deliveries(
            new DocumentStore(directory.resolve("deliveries.jsonl")),
            new WebhookSender(
                endpoint.webhooks(),
                new SignedRequest.Secrets("whsec_1", "secret", "c2VjcmV0"),
                registered,
                clock),
            new Retries(1),
            Set.of("paid"),
            registered,
            clock,
            new Random(7));
  }

  @AfterEach
  void close() {
    deliveries.close();
    registered.close();
    endpoint.close();
  }

  @Test
  void answeredEventIsDelivered() throws InterruptedException {
    List<String> sent = deliveries.announce(List.of(stripe("evt_1"), stripe("evt_2")));
    deliveries.awaitAnswers(sent, PATIENCE);

    assertThat(sent).containsExactly("evt_1", "evt_2");
    assertThat(endpoint.requests()).hasSize(2);
    assertThat(state("evt_1")).isEqualTo(State.DELIVERED);
  }

  @Test
  void eventThatTheEndpointDidNotAskForIsNotSent() {
    var other =
        new ProviderEvent(Provider.STRIPE, "evt_9", "invoice.paid", null, null, JsonText.object());

    assertThat(deliveries.announce(List.of(other))).isEmpty();
    assertThat(deliveries.find("evt_9")).isEmpty();
  }

  @Test
  void failureIsTriedAgainWhenItsTimeHasComeAndSignedAnew() throws Exception {
    endpoint.answer(503);
    deliveries.deliver(stripe("evt_1"));
    assertThat(state("evt_1")).isEqualTo(State.RETRYING);

    clock.forward(Duration.ofMinutes(9));
    deliveries.runDue();
    assertThat(endpoint.requests()).hasSize(1);

    endpoint.answer(200);
    clock.forward(Duration.ofMinutes(1));
    deliveries.runDue();
    await(() -> state("evt_1") == State.DELIVERED);
    assertThat(endpoint.requests()).hasSize(2);
    Receiver.Request again = endpoint.requests().getLast();
    assertThat(again.header("Stripe-Signature"))
        .startsWith("t=" + clock.instant().getEpochSecond())
        .isNotEqualTo(endpoint.requests().getFirst().header("Stripe-Signature"));
    assertThat(
            Webhook.Signature.verifyHeader(
                new String(again.body(), StandardCharsets.UTF_8),
                again.header("Stripe-Signature"),
                "whsec_1",
                0))
        .isTrue();
  }

  @Test
  void providerGivesUpAtTheEndOfItsSchedule() {
    endpoint.answer(500);
    deliveries.deliver(stripe("evt_1"));
    for (int retry = 1; retry <= 3; retry++) {
      int made = retry + 1;
      clock.forward(Duration.ofHours(3));
      deliveries.runDue();
      await(() -> deliveries.find("evt_1").orElseThrow().attempts().size() == made);
    }

    assertThat(state("evt_1")).isEqualTo(State.GIVEN_UP);
    clock.forward(Duration.ofDays(9));
    deliveries.runDue();
    assertThat(endpoint.requests()).hasSize(4);
  }

  @Test
  void paySuperCountsItsAttemptsInTheBody() throws Exception {
    endpoint.answer(202);
    deliveries.deliver(paySuper("a1"));
    endpoint.answer(204);
    clock.forward(Duration.ofMinutes(10));
    deliveries.runDue();
    await(() -> state("a1") == State.DELIVERED);

    ObjectNode first = JsonText.read(endpoint.requests().getFirst().body());
    ObjectNode second = JsonText.read(endpoint.requests().getLast().body());
    assertThat(first.path("delivery_try").asInt()).isZero();
    assertThat(second.path("delivery_try").asInt()).isEqualTo(1);
    assertThat(second.get("created_at")).isNotEqualTo(first.get("created_at"));
  }

  @Test
  void whatWasUndeliveredIsTriedAfterARestart() {
    endpoint.answer(500);
    deliveries.deliver(stripe("evt_1"));
    deliveries.close();
    endpoint.answer(200);
    clock.forward(Duration.ofMinutes(10));
    open();

    deliveries.runDue();

    await(() -> state("evt_1") == State.DELIVERED);
    assertThat(deliveries.find("evt_1").orElseThrow().attempts()).hasSize(2);
  }

  @Test
  void resendingByHandIsAnAttemptMore() {
    deliveries.deliver(stripe("evt_1"));

    Delivery again = deliveries.resend("evt_1");

    assertThat(again.status()).isEqualTo(200);
    assertThat(deliveries.find("evt_1").orElseThrow().attempts())
        .extracting(Attempt::cause)
        .containsExactly(Attempt.Cause.SCHEDULE, Attempt.Cause.BY_HAND);
    assertThatThrownBy(() -> deliveries.resend("evt_unknown")).isInstanceOf(Refusal.class);
  }

  @Test
  void shownBodyIsTheOneThatWasSent() {
    deliveries.deliver(paySuper("a1"));
    QueuedEvent parcel = deliveries.find("a1").orElseThrow();

    assertThat(deliveries.body(parcel, parcel.attempts().getFirst()))
        .isEqualTo(new String(endpoint.requests().getFirst().body(), StandardCharsets.UTF_8));
  }

  @Test
  void toldToDuplicateItSendsEverythingTwice() {
    deliveries.change(new DeliveryFaults(100, 0, 0, 0));

    deliveries.deliver(stripe("evt_1"));

    await(() -> endpoint.requests().size() == 2);
  }

  @Test
  void toldToDropItSendsNothingAndNeverTriesAgain() {
    deliveries.change(new DeliveryFaults(0, 0, 100, 0));

    Delivery lost = deliveries.deliver(stripe("evt_1"));
    clock.forward(Duration.ofDays(9));
    deliveries.runDue();

    assertThat(lost.error()).isEqualTo("dropped on purpose");
    assertThat(state("evt_1")).isEqualTo(State.DROPPED);
    assertThat(endpoint.requests()).isEmpty();
    assertThat(deliveries.resend("evt_1").status()).isEqualTo(200);
    assertThat(state("evt_1")).isEqualTo(State.DELIVERED);
  }

  @Test
  void toldToDelayItHoldsEventsBack() {
    deliveries.change(new DeliveryFaults(0, 0, 0, 5_000));
    deliveries.deliver(stripe("evt_1"));
    deliveries.runDue();
    assertThat(endpoint.requests()).isEmpty();

    clock.forward(Duration.ofSeconds(5));
    deliveries.runDue();

    await(() -> state("evt_1") == State.DELIVERED);
  }

  @Test
  void toldToReorderItLetsLaterEventsOvertake() {
    deliveries.change(new DeliveryFaults(0, 100, 0, 0));
    deliveries.deliver(stripe("evt_1"));
    deliveries.change(DeliveryFaults.GOOD);
    deliveries.deliver(stripe("evt_2"));
    clock.forward(Duration.ofSeconds(3));
    deliveries.runDue();
    await(() -> endpoint.requests().size() == 2);

    // the answer is on its way when the request is here
    await(() -> state("evt_1") == State.DELIVERED);
    assertThat(new String(endpoint.requests().getFirst().body(), StandardCharsets.UTF_8))
        .contains("evt_2");
  }

  @Test
  void habitsOutsideOfSenseAreRefused() {
    assertThatThrownBy(() -> new DeliveryFaults(101, 0, 0, 0)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> new DeliveryFaults(0, 0, -1, 0)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> new DeliveryFaults(0, 0, 0, 600_001)).isInstanceOf(Refusal.class);
  }

  private State state(String eventId) {
    return deliveries.find(eventId).orElseThrow().state();
  }

  private static ProviderEvent stripe(String id) {
    return new ProviderEvent(
        Provider.STRIPE, id, "paid", "stripe:pi_1", null, JsonText.object().put("id", id));
  }

  private static ProviderEvent paySuper(String id) {
    return new ProviderEvent(
        Provider.PAYSUPER, id, "payment.success", null, null, JsonText.object().put("id", id));
  }
}
