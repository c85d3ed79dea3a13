package example.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// What a shipper needs of a record: nothing else is read, so nothing else can break it.
///
/// @param remaining what is still to be sent of each line; empty when the lines are unknown
/// @param command the command that was rejected, otherwise empty
record OrderEvent(
    String id,
    String type,
    String order,
    long sequence,
    Optional<String> traceparent,
    List<Item> remaining,
    boolean fulfilled,
    String recipient,
    String command) {

  record Item(String id, long quantity) {}

  static final String PREFIX = "dev.quittance.fulfillment.";

  /// Of any other type the value may be anything: only its sequence is read.
  private static final Set<String> HANDLED =
      Stream.of(
              "requested",
              "released",
              "held",
              "canceled",
              "completed",
              "rejected",
              "reversal_requested",
              "reversed")
          .map(name -> PREFIX + name + ".v1")
          .collect(Collectors.toSet());

  static final ObjectMapper JSON = new ObjectMapper();

  /// @throws Unreadable when the record isn't what the guide says it is
  static OrderEvent read(ConsumerRecord<String, byte[]> record) throws Unreadable {
    String type = required(record, "ce_type");
    JsonNode value = HANDLED.contains(type) ? value(record) : JSON.createObjectNode();
    JsonNode order = value.path("order");
    return new OrderEvent(
        required(record, "ce_id"),
        type,
        required(record, "ce_subject"),
        sequence(record),
        header(record, "traceparent"),
        remaining(order),
        order.path("fulfillmentStatus").asText().equals("fulfilled"),
        order.at("/customer/shipping/name").asText(order.at("/customer/name").asText("unknown")),
        value.path("command").asText());
  }

  private static List<Item> remaining(JsonNode order) {
    var items = new ArrayList<Item>();
    for (JsonNode line : order.path("lineItems")) {
      long quantity = line.path("quantity").asLong() - line.path("fulfilled").asLong();
      if (quantity > 0) {
        items.add(new Item(line.path("id").asText(), quantity));
      }
    }
    return items;
  }

  private static JsonNode value(ConsumerRecord<String, byte[]> record) throws Unreadable {
    try {
      JsonNode value = JSON.readTree(record.value() == null ? new byte[0] : record.value());
      if (value.isObject()) {
        return value;
      }
    } catch (IOException e) {
      // its message would quote the value, which holds names and addresses
      throw new Unreadable("no JSON");
    }
    throw new Unreadable("no JSON object");
  }

  private static long sequence(ConsumerRecord<String, byte[]> record) throws Unreadable {
    try {
      return Long.parseLong(required(record, "ce_sequence"));
    } catch (NumberFormatException e) {
      throw new Unreadable("ce_sequence is no number");
    }
  }

  private static String required(ConsumerRecord<String, byte[]> record, String name)
      throws Unreadable {
    return header(record, name).orElseThrow(() -> new Unreadable(name + " is missing"));
  }

  private static Optional<String> header(ConsumerRecord<String, byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  /// The headers of a command that answers this event.
  static Map<String, String> commandHeaders(String id, String order, String time) {
    return Map.of(
        "ce_specversion",
        "1.0",
        "ce_type",
        PREFIX + "complete.v1",
        "ce_id",
        id,
        "ce_source",
        "/shipping",
        "ce_subject",
        order,
        "ce_time",
        time,
        "content-type",
        "application/json");
  }

  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }
}
