package dev.quittance.inboxoutbox;

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

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
