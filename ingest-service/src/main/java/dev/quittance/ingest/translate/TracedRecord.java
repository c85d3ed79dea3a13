package dev.quittance.ingest.translate;

import dev.quittance.messaging.kafka.KafkaHeaders;
import dev.quittance.messaging.tracing.EventSpan;
import dev.quittance.messaging.tracing.LogContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// A record and its span here. It bears the span's own trace context, so that whatever is made of
/// it does, too.
record TracedRecord(RetryRecord record, EventSpan span) {

  private static final String EVENT = "ce_id";

  /// @param work the span's name
  static TracedRecord begin(String work, RetryRecord record) {
    ConsumerRecord<byte[], byte[]> incoming = record.incoming();
    EventSpan span = EventSpan.consumer(work, text(incoming, EventSpan.HEADER));
    String traceparent = span.traceparent();
    if (span.recorded() && traceparent != null) {
      String event = text(incoming, EVENT);
      span.with("quittance.event", event == null ? "unknown" : event);
      KafkaHeaders.replace(incoming.headers(), EventSpan.HEADER, traceparent);
    }
    return new TracedRecord(record, span);
  }

  /// For lines about this record.
  LogContext inLog() {
    return LogContext.of(text(record.incoming(), EVENT), text(record.incoming(), EventSpan.HEADER));
  }

  private static @Nullable String text(ConsumerRecord<byte[], byte[]> incoming, String name) {
    return KafkaHeaders.text(incoming.headers(), name);
  }

  @Override
  public String toString() {
    return record.toString();
  }
}
