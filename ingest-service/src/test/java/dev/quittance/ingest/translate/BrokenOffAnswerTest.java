package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A provider tells of the payment that a thin event is about, and then no more.
final class BrokenOffAnswerTest {

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration LIMIT = Duration.ofHours(1);

  private final FakeStripe fake = new FakeStripe();
  private final Endpoint endpoint = fake.endpoint("stripe");

  @BeforeEach
  void itsItemsAreNotAnswered() {
    fake.object(
        "/v1/checkout/sessions/cs_thin",
        """
        {"id": "cs_thin", "payment_intent": "pi_thin", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 500, "currency": "eur"}
        """);
    fake.fail("/v1/checkout/sessions/cs_thin/line_items", 503);
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void itIsAskedAgainWhileThereIsTime() {
    TranslationOutcome outcome = answeredAfter(Duration.ZERO);

    assertThat(outcome).isInstanceOf(TranslationOutcome.Asking.class);
    assertThat(outcome.records())
        .singleElement()
        .satisfies(record -> assertThat(record.topic()).isEqualTo(RetryRecord.TOPIC));
  }

  @Test
  void whatItSaidAtTheLastAttemptHolds() {
    TranslationOutcome outcome = answeredAfter(LIMIT);

    assertThat(outcome).isInstanceOf(TranslationOutcome.Translated.class);
    assertThat(outcome.records())
        .extracting(record -> header(record, "ce_type"), record -> header(record, "ce_lookup"))
        .containsExactly(
            tuple("dev.quittance.payment.succeeded.v1", "unknown"),
            tuple("dev.quittance.payment.items_known.v1", "unknown"));
  }

  private TranslationOutcome answeredAfter(Duration waited) {
    var thin =
        new Webhook(
            "stripe",
            "evt_thin",
            """
            {"id": "evt_thin", "object": "v2.core.event", "type": "v1.checkout.session.completed",
             "livemode": true, "related_object": {"url": "/v1/checkout/sessions/cs_thin"}}
            """
                .getBytes(UTF_8),
            Bodies.RECEIVED_AT,
            CloudEvent.Origin.WEBHOOK,
            null);
    ProducerRecord<byte[], byte[]> waiting =
        at(START)
            .translated(VerbatimRecord.of(thin, "v1.checkout.session.completed"))
            .records()
            .getLast();
    return at(START.plus(waited)).answered(waiting);
  }

  private Translations at(Instant now) {
    return Translations.of(endpoint, new Stripe(), now)
        .with(
            new LookUpRetryPolicy(
                Duration.ofSeconds(1), Duration.ofSeconds(1), LIMIT, Duration.ofDays(3)));
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
