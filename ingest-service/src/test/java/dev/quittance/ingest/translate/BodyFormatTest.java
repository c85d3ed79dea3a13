package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/// Which facts are marked as what a webhook's body alone says, so that they can be compared.
final class BodyFormatTest {

  private static final String PAID = "stripe/checkout.session.completed.paid";

  @Test
  void whatAWebhookSaysBearsItsFormat() {
    Outcome told = translation(Map.of()).of(verbatim(CloudEvent.Origin.WEBHOOK));

    assertThat(told.records())
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isPresent());
  }

  @Test
  void whatWasRecoveredIsComparedWithNothing() {
    Outcome told = translation(Map.of()).of(verbatim(CloudEvent.Origin.RECOVERED));

    assertThat(told.records())
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isEmpty());
  }

  @Test
  void whatAnAnswerSaysIsComparedWithNothing() {
    // nobody listens at that port
    RecordTranslation asking =
        translation(Map.of("api-key", "sk_test_1", "api-base", "http://127.0.0.1:1"));
    Outcome told = asking.of(verbatim(CloudEvent.Origin.WEBHOOK));
    assertThat(told.records().stream().filter(BodyFormatTest::canonical))
        .singleElement()
        .satisfies(fact -> assertThat(format(fact)).isPresent());

    Outcome answered =
        translation(Map.of()).answered(taken(told.records().getLast()), _ -> {}).outcome();

    assertThat(answered.records().stream().filter(BodyFormatTest::canonical))
        .isNotEmpty()
        .allSatisfy(fact -> assertThat(format(fact)).isEmpty());
  }

  private static boolean canonical(ProducerRecord<byte[], byte[]> record) {
    return record.topic().equals(Topic.PAYMENT_EVENTS.topicName());
  }

  private static Optional<String> format(ProducerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(record.headers().lastHeader(BodyFormat.HEADER))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(CloudEvent.Origin origin) {
    return taken(
        VerbatimRecord.of(
            new Webhook("stripe", "evt_1", Bodies.body(PAID), Bodies.RECEIVED_AT, origin, null),
            "checkout.session.completed"));
  }

  private static ConsumerRecord<byte[], byte[]> taken(ProducerRecord<byte[], byte[]> record) {
    var taken = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    record.headers().forEach(taken.headers()::add);
    return taken;
  }

  private static RecordTranslation translation(Map<String, String> settings) {
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
    return new RecordTranslation(
        _ -> Optional.of(endpoint),
        _ -> Optional.of(new Stripe()),
        new RecordTranslation.Patience(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofDays(3)),
        Clock.fixed(Bodies.RECEIVED_AT, ZoneOffset.UTC));
  }
}
