package dev.quittance.messaging.inbox;

import dev.quittance.messaging.tracing.EventSpan;
import dev.quittance.messaging.tracing.LogContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// A record as it was taken from a topic.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record IncomingRecord(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    Map<String, byte @Nullable []> headers,
    byte @Nullable [] value) {

  /// What a poll gave. Of a header that stands there several times the last counts: a redriven
  /// record has its newest on top. One without a value is kept, and reads as if it were missing.
  public static IncomingRecord of(ConsumerRecord<byte[], byte[]> polled) {
    var headers = new LinkedHashMap<String, byte @Nullable []>();
    polled.headers().forEach(header -> headers.put(header.key(), header.value()));
    return new IncomingRecord(
        polled.topic(), polled.partition(), polled.offset(), polled.key(), headers, polled.value());
  }

  /// The same with one header changed.
  IncomingRecord with(String header, String text) {
    var changed = new LinkedHashMap<>(headers);
    changed.put(header, text.getBytes(StandardCharsets.UTF_8));
    return new IncomingRecord(topic, partition, offset, key, changed, value);
  }

  /// A header as text, where it is there.
  public @Nullable String header(String name) {
    byte[] text = headers.get(name);
    return text == null ? null : new String(text, StandardCharsets.UTF_8);
  }

  /// For lines about this record.
  public LogContext inLog() {
    return LogContext.ofHeaders(headers.get("ce_id"), headers.get(EventSpan.HEADER));
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
