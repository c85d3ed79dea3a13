package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.UnreadableEvent;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryRecordTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void whatWaitsIsReadAsItWasWritten() {
    RetryRecord first =
        RetryRecord.first(new ConsumerRecord<>("topic", 3, 7, null, new byte[0]), NOON);

    RetryRecord read =
        RetryRecord.read(Translations.taken(first.again(NOON.plusSeconds(1), true).outgoing()));

    assertThat(read.attempt()).isEqualTo(1);
    assertThat(read.dueAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(read.since()).isEqualTo(NOON);
    assertThat(read.partition()).isEqualTo(3);
    assertThat(read.offset()).isEqualTo(7);
    assertThat(read.keyAwaited()).isTrue();
  }

  /// Reckoning with one of these would end whoever asks, again and again.
  @ParameterizedTest
  @ValueSource(strings = {"+1000000000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "now", ""})
  void aTimeThatNobodyCanReckonWithIsNone(String time) {
    ProducerRecord<byte[], byte[]> waiting =
        RetryRecord.first(new ConsumerRecord<>("topic", 3, 7, null, new byte[0]), NOON).outgoing();
    waiting.headers().remove("retry_since").add("retry_since", time.getBytes(UTF_8));

    assertThatThrownBy(() -> RetryRecord.read(Translations.taken(waiting)))
        .isInstanceOf(UnreadableEvent.class);
  }
}
