package dev.quittance.fulfillment.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Order;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/// The JSON of events whose order is JSON already. The same order is in each event of a batch and
/// written down beside them, and nearly all of an event is its order.
final class EventJson {

  private static final byte[] START = "{\"order\":".getBytes(US_ASCII);

  /// What is left when nothing is.
  private static final int EMPTY_LENGTH = "{}".length();

  private static final ObjectMapper REST =
      WireFormat.mapper().copy().addMixIn(FulfillmentEvent.class, WithoutOrder.class);

  @JsonIgnoreProperties("order")
  private interface WithoutOrder {}

  private EventJson() {}

  /// An event as it is published. Most hold the order as it was just written down anyway, and it is
  /// the most of them. What was written down earlier may be an older version's, and isn't used.
  static byte[] write(FulfillmentEvent event, Order order) {
    byte[] json = order.json();
    return order.viewChanged() && json != null && event.order().equals(order.view())
        ? write(event, json)
        : WireFormat.write(event);
  }

  /// The event without the order, which the timeline need not repeat at each step.
  static byte[] detail(Order.Event event) {
    return event.by() == null ? rest(event.content()) : WireFormat.write(Map.of("by", event.by()));
  }

  /// The very bytes that [WireFormat#write] makes of the event.
  ///
  /// @param order the JSON of the event's order, which is the first of its components
  static byte[] write(FulfillmentEvent event, byte[] order) {
    byte[] rest = rest(event);
    var json = new ByteArrayOutputStream(START.length + order.length + rest.length);
    json.writeBytes(START);
    json.writeBytes(order);
    if (rest.length > EMPTY_LENGTH) {
      json.write(',');
    }
    json.write(rest, 1, rest.length - 1);
    return json.toByteArray();
  }

  private static byte[] rest(FulfillmentEvent event) {
    try {
      return REST.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
