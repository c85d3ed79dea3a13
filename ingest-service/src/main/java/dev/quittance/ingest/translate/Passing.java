package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.tracing.LogContext;
import dev.quittance.tracing.Passage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A record on its passage through this room. It bears the passage's own trace context, so that
/// whatever is made of it does, too.
record Passing(ConsumerRecord<byte[], byte[]> incoming, Passage passage) {

  private static final String EVENT = "ce_id";

  static Passing through(String room, ConsumerRecord<byte[], byte[]> incoming) {
    Passage passage = Passage.taking(room, text(incoming, Passage.HEADER));
    String traceparent = passage.traceparent();
    if (passage.recorded() && traceparent != null) {
      String event = text(incoming, EVENT);
      passage.with("quittance.event", event == null ? "unknown" : event);
      incoming.headers().remove(Passage.HEADER);
      incoming.headers().add(Passage.HEADER, traceparent.getBytes(UTF_8));
    }
    return new Passing(incoming, passage);
  }

  /// For lines about this record.
  LogContext inLog() {
    return LogContext.of(text(incoming, EVENT), text(incoming, Passage.HEADER));
  }

  void end(Outcome outcome) {
    passage.end(word(outcome));
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Translated _ -> "translated";
      case Outcome.Asking _ -> "asking";
      case Outcome.Ignored _ -> "ignored";
      case Outcome.Dead _ -> "dead";
    };
  }

  private static @Nullable String text(ConsumerRecord<byte[], byte[]> incoming, String name) {
    Header header = incoming.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  @Override
  public String toString() {
    return "Passing["
        + incoming.topic()
        + "-"
        + incoming.partition()
        + "@"
        + incoming.offset()
        + "]";
  }
}
