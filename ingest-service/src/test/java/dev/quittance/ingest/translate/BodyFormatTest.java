package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// Which facts are marked as what a webhook's body alone says, so that they can be compared.
final class BodyFormatTest {

  private static final String PAID = "stripe/checkout.session.completed.paid";

  @Test
  void whatAWebhookSaysBearsItsFormat() {
    TranslationOutcome outcome =
        translation(Map.of()).translated(verbatim(CloudEvent.Origin.WEBHOOK));

    assertThat(outcome.records())
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isPresent());
  }

  @Test
  void whatWasRecoveredIsComparedWithNothing() {
    TranslationOutcome outcome =
        translation(Map.of()).translated(verbatim(CloudEvent.Origin.RECOVERED));

    assertThat(outcome.records())
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isEmpty());
  }

  @Test
  void whatAnAnswerSaysIsComparedWithNothing() {
    // nobody listens at that port
    Translations asking =
        translation(Map.of("api-key", "sk_test_1", "api-base", "http://127.0.0.1:1"));
    TranslationOutcome outcome = asking.translated(verbatim(CloudEvent.Origin.WEBHOOK));
    assertThat(outcome.records().stream().filter(BodyFormatTest::canonical))
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isPresent());

    TranslationOutcome answered = translation(Map.of()).answered(outcome.records().getLast());

    assertThat(answered.records().stream().filter(BodyFormatTest::canonical))
        .isNotEmpty()
        .allSatisfy(fact -> assertThat(format(fact)).isEmpty());
  }

  private static boolean canonical(ProducerRecord<byte[], byte[]> record) {
    return record.topic().equals(Topic.PAYMENT_EVENTS.topicName());
  }

  private static Optional<String> format(ProducerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(KafkaHeaders.text(record.headers(), BodyFormat.HEADER));
  }

  private static ProducerRecord<byte[], byte[]> verbatim(CloudEvent.Origin origin) {
    return VerbatimRecord.of(
        new Webhook("stripe", "evt_1", Bodies.body(PAID), Bodies.RECEIVED_AT, origin, null),
        "checkout.session.completed");
  }

  private static Translations translation(Map<String, String> settings) {
    Endpoint plain = Bodies.endpoint("stripe");
    Endpoint endpoint =
        new Endpoint(
            plain.name(),
            plain.provider(),
            plain.account(),
            List.copyOf(plain.secrets()),
            plain.mode(),
            plain.ordersFrom(),
            settings);
    return Translations.of(endpoint, new Stripe(), Bodies.RECEIVED_AT);
  }
}
