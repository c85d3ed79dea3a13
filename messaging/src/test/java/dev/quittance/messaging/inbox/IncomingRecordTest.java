package dev.quittance.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class IncomingRecordTest {

  private final ConsumerRecord<byte[], byte[]> polled =
      new ConsumerRecord<>("things", 3, 7, "key".getBytes(UTF_8), "value".getBytes(UTF_8));

  @Test
  void ofAHeaderTheLastCounts() {
    polled.headers().add("ce_origin", "webhook".getBytes(UTF_8));
    polled.headers().add("ce_origin", "replayed".getBytes(UTF_8));

    assertThat(IncomingRecord.of(polled).header("ce_origin")).isEqualTo("replayed");
  }

  @Test
  void aHeaderWithoutAValueReadsAsMissingAndIsKeptForTheDeadLetter() {
    polled.headers().add("ce_type", "old".getBytes(UTF_8));
    polled.headers().add("ce_type", null);

    IncomingRecord record = IncomingRecord.of(polled);

    assertThat(record.header("ce_type")).isNull();
    assertThat(record.headers()).containsOnlyKeys("ce_type").containsEntry("ce_type", null);
  }

  @Test
  void itSaysItsPlaceAndNothingOfItsContent() {
    assertThat(IncomingRecord.of(polled)).hasToString("things-3@7");
  }
}
