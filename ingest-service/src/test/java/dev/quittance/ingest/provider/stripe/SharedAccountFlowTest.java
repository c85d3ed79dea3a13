package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;

import dev.quittance.contracts.PaymentWithdrawn;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.SeamProfile;
import dev.quittance.ingest.StripeForTests;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.translate.TopicReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One Stripe account, several shops: what comes in over HTTP, and what goes out on the topic.
@QuarkusTest
@TestProfile(SeamProfile.class)
final class SharedAccountFlowTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final FakeStripe stripe = StripeForTests.fake();

  @BeforeEach
  void nobodyIsInAnInvoice() {
    stripe.list("/v1/invoice_payments", List.of());
    stripe.list("/v1/checkout/sessions", List.of());
  }

  @Test
  void ownPaymentsGoOnAndTheNeighborsAreAcknowledgedIgnoredAndCounted() {
    double ignored = ignored("webhooks");
    try (var events = reader()) {
      deliver("kitchen", session("kitchen"));
      deliver("garden", session("garden"));
      deliver("orchard", session("orchard"));

      assertThat(ids(events.next(4, this::meant)))
          .containsExactlyInAnyOrder(
              "shared:evt_garden" + run + ":0",
              "shared:evt_garden" + run + ":1",
              "shared:evt_orchard" + run + ":0",
              "shared:evt_orchard" + run + ":1");
    }
    await().atMost(WAIT_MAX).until(() -> ignored("webhooks") == ignored + 1);
  }

  @Test
  void aDisputeFollowsItsPaymentWhateverCameBefore() {
    payment("pi_k" + run, "{}", "kitchen");
    payment("pi_g" + run, "{}", "garden");
    double ignored = ignored("webhooks");
    try (var events = reader()) {
      deliver("theirs", dispute("pi_k" + run));
      deliver("ours", dispute("pi_g" + run));

      ConsumerRecord<byte[], byte[]> disputed = events.next(1, this::meant).getFirst();
      assertThat(TopicReader.header(disputed, "ce_id")).isEqualTo("shared:evt_ours" + run + ":0");
      assertThat(TopicReader.header(disputed, "ce_type")).contains("dispute_updated");
    }
    await().atMost(WAIT_MAX).until(() -> ignored("webhooks") == ignored + 1);
  }

  @Test
  void nothingIsSaidOfADisputeUntilStripeTellsWhoseItIs() {
    payment("pi_l" + run, "{\"shop\": \"garden\"}", "garden");
    stripe.fail("/v1/payment_intents/pi_l" + run, 503);
    try (var events = reader()) {
      deliver("late", dispute("pi_l" + run));
      await()
          .atMost(WAIT_MAX)
          .until(() ->
              stripe.requests().stream()
                      .filter(path -> path.equals("/v1/payment_intents/pi_l" + run))
                      .count()
                  > 1);
      assertThat(events.withinAMoment().stream().filter(this::meant)).isEmpty();

      stripe.heal("/v1/payment_intents/pi_l" + run);

      assertThat(ids(events.next(1, this::meant))).containsExactly("shared:evt_late" + run + ":0");
    }
  }

  @Test
  void theEndpointTellsWhatItTakes() {
    IngestProfile.operator()
        .get("/endpoints")
        .then()
        .statusCode(200)
        .body(
            "endpoints.find { it.name == 'shared' }.only",
            contains("metadata.shop=garden", "metadata.shop=orchard"));
  }

  /// A PaymentIntent with metadata, and its session with a shop's.
  private void payment(String intent, String metadata, String shop) {
    stripe.object(
        "/v1/payment_intents/" + intent,
        "{\"id\": \"%s\", \"object\": \"payment_intent\", \"metadata\": %s}"
            .formatted(intent, metadata));
    stripe.listOf(
        "/v1/checkout/sessions",
        "payment_intent=" + intent,
        List.of(
            "{\"id\": \"cs_%s\", \"object\": \"checkout.session\", \"metadata\": {\"shop\": \"%s\"}}"
                .formatted(intent, shop)));
  }

  private String session(String shop) {
    String id = "cs_test_" + shop + run;
    stripe.list("/v1/checkout/sessions/" + id + "/line_items", List.of());
    return "checkout.session.completed\", \"data\": {\"object\": "
        + """
        {"id": "%s", "object": "checkout.session", "mode": "payment", "status": "complete",
         "payment_status": "paid", "payment_intent": "pi_%s", "amount_total": 1900,
         "currency": "eur", "metadata": {"shop": "%s"}}}
        """
            .formatted(id, shop + run, shop);
  }

  private static String dispute(String intent) {
    return "charge.dispute.created\", \"data\": {\"object\": "
        + """
        {"id": "du_%1$s", "object": "dispute", "amount": 1900, "currency": "eur", "metadata": {},
         "charge": "ch_1", "payment_intent": "%1$s", "reason": "fraudulent",
         "status": "needs_response"}}
        """
            .formatted(intent);
  }

  private void deliver(String id, String typeAndData) {
    byte[] body =
        ("{\"id\": \"evt_%s\", \"object\": \"event\", \"api_version\": \"2026-07-29.dahlia\","
                + " \"created\": 1785000000, \"livemode\": false, \"type\": \"%s}")
            .formatted(id + run, typeAndData)
            .getBytes(UTF_8);
    RestAssured.given()
        .header(
            StripeSignature.HEADER,
            StripeSignature.sign(body, new SigningSecret(StripeForTests.SECRET), Instant.now()))
        .body(body)
        .post("/webhooks/shared")
        .then()
        .statusCode(200);
  }

  private double ignored(String of) {
    return RestAssured.get(management.resolve("/q/metrics"))
        .asString()
        .lines()
        .filter(line -> line.startsWith("quittance_translate_" + of + "_total{"))
        .filter(line -> line.contains("endpoint=\"shared\""))
        .filter(line -> line.contains("reason=\"other_metadata\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static TopicReader reader() {
    return new TopicReader(KafkaForTests.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
  }

  /// What says something about a payment: that nothing is said (any more) isn't.
  private boolean meant(ConsumerRecord<byte[], byte[]> found) {
    return TopicReader.header(found, "ce_id").contains(run)
        && !TopicReader.header(found, "ce_type").equals(PaymentWithdrawn.TYPE);
  }

  private static List<String> ids(List<ConsumerRecord<byte[], byte[]>> events) {
    return events.stream().map(event -> TopicReader.header(event, "ce_id")).toList();
  }
}
