package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A record to be published after the commit of the transaction that writes it, keyed by its order.
///
/// @param sequence rows of one order are published in this order
/// @param value null for a tombstone
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record OutboxRow(
    OrderId order,
    long sequence,
    String topic,
    Map<String, String> headers,
    byte @Nullable [] value) {

  public OutboxRow {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers)); // in their order
  }

  /// A row that says: what this key stood for is gone.
  public static OutboxRow tombstone(
      OrderId order, long sequence, String topic, Map<String, String> headers) {
    return new OutboxRow(order, sequence, topic, headers, null);
  }

  @Override
  public String toString() {
    return "OutboxRow[" + order + "#" + sequence + " → " + topic + "]";
  }
}
