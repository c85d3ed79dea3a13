package dev.quittance.ingest.translate;

import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// Webhooks as they are read from the verbatim topic, at offset 42 of partition 5.
final class Verbatim {

  private Verbatim() {}

  static ConsumerRecord<byte[], byte[]> read(Webhook webhook) {
    var outgoing = VerbatimRecord.of(webhook, null);
    return new ConsumerRecord<>(
        outgoing.topic(),
        5,
        42,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        outgoing.key(),
        outgoing.value(),
        new RecordHeaders(outgoing.headers()),
        Optional.empty());
  }
}
