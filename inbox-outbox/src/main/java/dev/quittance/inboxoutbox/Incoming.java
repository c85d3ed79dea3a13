package dev.quittance.inboxoutbox;

import dev.quittance.tracing.LogContext;
import dev.quittance.tracing.Passage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A record as it was taken from a topic.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Incoming(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    Map<String, byte[]> headers,
    byte @Nullable [] value) {

  /// The same with one header changed.
  Incoming with(String header, String text) {
    var changed = new HashMap<>(headers);
    changed.put(header, text.getBytes(StandardCharsets.UTF_8));
    return new Incoming(topic, partition, offset, key, changed, value);
  }

  /// A header as text, where it is there.
  public @Nullable String header(String name) {
    byte[] text = headers.get(name);
    return text == null ? null : new String(text, StandardCharsets.UTF_8);
  }

  /// For lines about this record.
  public LogContext inLog() {
    return LogContext.ofHeaders(headers.get("ce_id"), headers.get(Passage.HEADER));
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
