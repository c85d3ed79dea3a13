package dev.quittance.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Tells of one order what fulfillment-service would tell, and worse.
final class Publisher {

  private static final String SOURCE = "/quittance/conform";

  private final OrderId order;
  private final Instant now;
  private final List<Telling> history = new ArrayList<>();
  private final List<Telling> next = new ArrayList<>();
  private long sequence;
  private boolean linesKnown = true;
  private FulfillmentStatus status = FulfillmentStatus.NOT_DUE;

  /// A record to publish.
  ///
  /// @param everywhere in every partition, so that it stands in everybody's way
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Telling(String key, List<RecordHeader> headers, byte[] value, boolean everywhere) {
    Telling {
      headers = List.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Telling[" + key + "]";
    }
  }

  Publisher(OrderId order, Instant now) {
    this.order = order;
    this.now = now;
  }

  OrderId order() {
    return order;
  }

  FulfillmentStatus status() {
    return status;
  }

  void tell(FulfillmentStatus becomes, Function<OrderView, FulfillmentEvent> happening) {
    status = becomes;
    sequence++;
    FulfillmentEvent event = happening.apply(view());
    add(event.type(), WireFormat.write(event), false);
  }

  void tellRaw(String type, byte[] value) {
    sequence++;
    add(type, value, false);
  }

  void tellRawEverywhere(String type, byte[] value) {
    sequence++;
    add(type, value, true);
  }

  private void add(String type, byte[] value, boolean everywhere) {
    var event =
        new CloudEvent(
            new EventId(order + "#" + sequence),
            SOURCE,
            type,
            order,
            now,
            CloudEvent.Origin.WEBHOOK,
            0,
            sequence,
            null,
            value);
    var headers = new ArrayList<RecordHeader>();
    event.headers().forEach((name, text) -> headers.add(header(name, text)));
    add(new Telling(order.value(), headers, value, everywhere));
  }

  private void add(Telling telling) {
    history.add(telling);
    next.add(telling);
  }

  void skipTo(long first) {
    sequence = first - 1;
  }

  void withoutLines() {
    linesKnown = false;
  }

  void repeatLast() {
    next.add(next.getLast());
  }

  void repeatAll() {
    next.addAll(List.copyOf(history));
  }

  /// Fields and values that may come with any later version.
  void extendLast() {
    Telling last = removeLast();
    ObjectNode event = WireFormat.read(last.value(), ObjectNode.class);
    event.putObject("giftWrap").put("color", "blue");
    ObjectNode view = (ObjectNode) event.get("order");
    view.put("loyaltyPoints", 12);
    view.put("paymentStatus", "settled_early");
    view.putArray("warehouses").add("north");
    ((ObjectNode) view.withArray("lineItems").get(0)).put("weightGrams", 350);
    add(new Telling(last.key(), last.headers(), WireFormat.write(event), last.everywhere()));
  }

  void precedeHeaderOfLast(String name, String value) {
    Telling last = removeLast();
    var headers = new ArrayList<RecordHeader>();
    headers.add(header(name, value));
    headers.addAll(last.headers());
    add(new Telling(last.key(), headers, last.value(), last.everywhere()));
  }

  private Telling removeLast() {
    history.removeLast();
    return next.removeLast();
  }

  /// What is to be published now.
  List<Telling> take() {
    List<Telling> taken = List.copyOf(next);
    next.clear();
    return taken;
  }

  /// How many of each line the order has; empty when the lines are unknown.
  Map<String, Long> ordered() {
    return lines().stream().collect(Collectors.toMap(LineItem::id, LineItem::quantity));
  }

  private OrderView view() {
    boolean fulfilled = status == FulfillmentStatus.FULFILLED;
    return new OrderView(
        order,
        "conform",
        order.account(),
        null,
        null,
        status == FulfillmentStatus.CANCELED ? PaymentStatus.REFUNDED : PaymentStatus.PAID,
        status,
        null,
        Money.ofMinor(4650, "USD"),
        null,
        Money.ofMinor(4650, "USD"),
        Money.ofMinor(status == FulfillmentStatus.CANCELED ? 4650 : 0, "USD"),
        null,
        linesKnown ? ItemsState.KNOWN : ItemsState.UNKNOWN,
        new Customer("try@customer.example", "Try Conform", null, null, null, null, null),
        lines().stream()
            .map(line -> OrderView.Line.of(line, fulfilled ? line.quantity() : 0))
            .toList(),
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        false,
        now,
        now,
        sequence);
  }

  private List<LineItem> lines() {
    return linesKnown ? List.of(line("li_mug", 2, 2800), line("li_book", 1, 1850)) : List.of();
  }

  private static LineItem line(String id, long quantity, long minorUnits) {
    return new LineItem(
        id,
        "Something to send",
        quantity,
        Money.ofMinor(minorUnits, "USD"),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private static RecordHeader header(String name, String text) {
    return new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
