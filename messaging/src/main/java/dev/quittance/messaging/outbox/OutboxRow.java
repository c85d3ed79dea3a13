package dev.quittance.messaging.outbox;

import dev.quittance.contracts.OrderId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A record to be published after the commit of the transaction that writes it, keyed by its order.
///
/// @param sequence rows of one order are published in this order
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record OutboxRow(
    OrderId order, long sequence, String topic, Map<String, String> headers, byte[] value) {

  public OutboxRow {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers)); // in their order
  }

  @Override
  public String toString() {
    return "OutboxRow[" + order + "#" + sequence + " → " + topic + "]";
  }
}
