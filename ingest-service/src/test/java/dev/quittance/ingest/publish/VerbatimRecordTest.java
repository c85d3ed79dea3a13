package dev.quittance.ingest.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.provider.Webhook;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerbatimRecordTest {

  private static final byte[] BODY = {'{', (byte) 0xFF, 0, '\n', '}'};
  private static final Webhook WEBHOOK =
      new Webhook(
          "stripe",
          "evt_1",
          BODY,
          Instant.parse("2026-03-01T12:00:00.123Z"),
          CloudEvent.Origin.WEBHOOK,
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  @Test
  void theFormIsTheAgreedOne() {
    ProducerRecord<byte[], byte[]> outgoing =
        VerbatimRecord.of(WEBHOOK, "checkout.session.completed");

    assertThat(outgoing.topic()).isEqualTo("payments.webhooks.v1");
    assertThat(outgoing.partition()).isNull();
    assertThat(outgoing.key()).asString(UTF_8).isEqualTo("stripe:evt_1");
    assertThat(outgoing.value()).isEqualTo(BODY);
    assertThat(
            StreamSupport.stream(outgoing.headers().spliterator(), false)
                .map(header -> header.key() + ": " + new String(header.value(), UTF_8)))
        .containsExactly(
            "ce_specversion: 1.0",
            "ce_id: stripe:evt_1",
            "ce_source: /webhooks/stripe",
            "ce_type: dev.quittance.webhook.received.v1",
            "ce_time: 2026-03-01T12:00:00.123Z",
            "ce_origin: webhook",
            "webhook_endpoint: stripe",
            "webhook_event_id: evt_1",
            "webhook_event_type: checkout.session.completed",
            "content-type: application/json",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @Test
  void whatIsWrittenIsRead() {
    Webhook read = VerbatimRecord.read(onTopic(VerbatimRecord.of(WEBHOOK, null)));

    assertThat(read).usingRecursiveComparison().isEqualTo(WEBHOOK);
    assertThat(VerbatimRecord.eventType(onTopic(VerbatimRecord.of(WEBHOOK, null)))).isEmpty();
    assertThat(VerbatimRecord.eventType(onTopic(VerbatimRecord.of(WEBHOOK, "charge.refunded"))))
        .isEqualTo(Optional.of("charge.refunded"));
  }

  @Test
  void whatIsNotOfTheFormSaysWhatIsMissing() {
    for (String header : new String[] {"webhook_endpoint", "webhook_event_id", "ce_time"}) {
      ProducerRecord<byte[], byte[]> outgoing = VerbatimRecord.of(WEBHOOK, null);
      outgoing.headers().remove(header);

      assertThatThrownBy(() -> VerbatimRecord.read(onTopic(outgoing)))
          .isInstanceOf(UnreadableEvent.class)
          .hasMessageContaining(header);
    }
    ProducerRecord<byte[], byte[]> untimely = VerbatimRecord.of(WEBHOOK, null);
    untimely.headers().add("ce_time", "noon".getBytes(UTF_8));
    assertThatThrownBy(() -> VerbatimRecord.read(onTopic(untimely)))
        .isInstanceOf(UnreadableEvent.class)
        .hasMessageContaining("ce_time");
    assertThatThrownBy(() -> VerbatimRecord.read(onTopic(VerbatimRecord.of(WEBHOOK, null), null)))
        .isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void aStrangersIdThatNoCanonicalOneCanBeMadeOfIsUnreadable() {
    for (String id : new String[] {"x".repeat(256), " ", "evt_\0"}) {
      ProducerRecord<byte[], byte[]> strange = VerbatimRecord.of(WEBHOOK, null);
      strange.headers().add("webhook_event_id", id.getBytes(UTF_8));

      assertThatThrownBy(() -> VerbatimRecord.read(onTopic(strange)))
          .isInstanceOf(UnreadableEvent.class)
          .hasMessageContaining("webhook_event_id");
    }
  }

  private static ConsumerRecord<byte[], byte[]> onTopic(ProducerRecord<byte[], byte[]> outgoing) {
    return onTopic(outgoing, outgoing.value());
  }

  @SuppressWarnings("NullAway") // a tombstone: Kafka's classes aren't annotated
  private static ConsumerRecord<byte[], byte[]> onTopic(
      ProducerRecord<byte[], byte[]> outgoing, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        outgoing.topic(),
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        outgoing.key(),
        value,
        outgoing.headers(),
        Optional.empty());
  }
}
