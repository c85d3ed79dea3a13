package dev.quittance.fulfillment.store;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Refusal;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Outbox;
import dev.quittance.inboxoutbox.OutboxRow;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes what a transaction changed: a statement per table, however many orders.
final class Changes {

  /// As it stands in `ce_source`.
  static final String SOURCE = "/quittance/fulfillment";

  /// Long enough for every id and reference on record; short enough that an index takes it.
  static final int TEXT_LENGTH_MAX = 255;

  /// A caller's name of 255 characters, each percent-encoded as up to four bytes, and the door
  /// before it.
  static final int SOURCE_LENGTH_MAX = 255 * 12 + 64;

  private static final String COLUMNS =
      """
      version, sequence, told, view, provider, account, checkout_session, payment_status, fulfillment_status,
      currency, amount_minor, received_minor, refunded_minor, reference, livemode, placed_at, updated_at, search,
      erased_at, erased_by, payment_method
      """;

  /// One row for each order, its columns in the order in which they are bound below.
  private static final String CHANGED =
      """
      SELECT id, state_changed::boolean, traceparent, version, sequence, told, view, provider, account, checkout_session, payment_status,
             fulfillment_status, currency, amount_minor, received_minor, refunded_minor, reference, livemode::boolean,
             placed_at::timestamptz, updated_at::timestamptz, array_to_tsvector(string_to_array(search, ' ')) AS search,
             erased_at::timestamptz, erased_by, payment_method
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          AS changed (id, state_changed, traceparent, version, sequence, told, view, provider, account, checkout_session,
                      payment_status, fulfillment_status, currency, amount_minor, received_minor, refunded_minor,
                      reference, livemode, placed_at, updated_at, search, erased_at, erased_by,
                      payment_method)
      """;

  /// In the same statement, to save the round trip: what [DueStates] reads.
  private static final String AND_DUE =
      """
      WITH changed AS (
      %s), due AS (
      INSERT INTO states_due (order_id, traceparent)
      SELECT id, traceparent FROM changed WHERE state_changed ORDER BY id)
      """
          .formatted(CHANGED);

  private static final String UPDATE =
      AND_DUE
          + """
          UPDATE orders SET (%s) = ROW (%s)
            FROM changed
           WHERE orders.id = changed.id
          """
              .formatted(COLUMNS, COLUMNS.replaceAll("\\w+", "changed.$0"));

  private static final String INSERT =
      AND_DUE
          + """
          INSERT INTO orders (id, %s)
          SELECT id, %s FROM changed
           ORDER BY id
          """
              .formatted(COLUMNS, COLUMNS);

  private static final String STORE_AGAIN =
      """
      UPDATE payment_facts SET data = clean.data, body_format = NULL
        FROM unnest(?::text[], ?::bytea[]) AS clean (event_id, data)
       WHERE payment_facts.event_id = clean.event_id
      """;

  private static final String INSERT_COMMANDS =
      """
      INSERT INTO commands (order_id, command_id, number, source, type, recorded_at, refusal, data)
      SELECT order_id, command_id, number, source, type, recorded_at::timestamptz, refusal, data
        FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
          AS decided (order_id, command_id, number, source, type, recorded_at, refusal, data)
      """;

  private static final String INSERT_EVENTS =
      """
      INSERT INTO order_events (order_id, sequence, event_id, type, occurred_at, version, detail)
      SELECT order_id, sequence, event_id, type, occurred_at::timestamptz, version, detail
        FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bytea[])
          AS told (order_id, sequence, event_id, type, occurred_at, version, detail)
      """;

  private Changes() {}

  /// Writes the orders, their commands and events, the outbox, and that their states are due.
  ///
  /// @return what is to be reported once it is committed
  static Committed write(Exchange exchange, Collection<StoredOrder> orders) throws SQLException {
    List<StoredOrder> changed = orders.stream().filter(StoredOrder::touched).toList();
    if (changed.isEmpty()) {
      return Committed.NOTHING;
    }
    update(exchange, changed.stream().filter(StoredOrder::known).toList());
    insert(exchange, changed.stream().filter(order -> !order.known()).toList());
    storeAgain(exchange, StoredOrder.all(changed, StoredOrder::cleaned));
    insertCommands(exchange, StoredOrder.all(changed, StoredOrder::decided));
    insertEvents(exchange, StoredOrder.all(changed, StoredOrder::happenings));
    Outbox.append(exchange, StoredOrder.all(changed, Changes::outboxRows));
    return Committed.of(changed);
  }

  private static void update(Exchange exchange, List<StoredOrder> orders) throws SQLException {
    if (!orders.isEmpty()) {
      exchange.write(UPDATE, parameters(orders));
    }
  }

  /// Fails where another transaction has created one of them.
  private static void insert(Exchange exchange, List<StoredOrder> orders) throws SQLException {
    if (!orders.isEmpty()) {
      exchange.insert(INSERT, parameters(orders), "orders_pkey");
    }
  }

  private static Parameters parameters(List<StoredOrder> orders) {
    return Parameters.none()
        .rows(orders)
        .text(StoredOrder::id)
        .text(StoredOrder::viewChanged)
        .text(StoredOrder::traceparent)
        .longs(StoredOrder::version)
        .longs(StoredOrder::sequence)
        .bytes(order -> WireFormat.write(order.told()))
        .bytes(StoredOrder::viewJson)
        .text(order -> order.view().provider())
        .text(order -> order.view().account())
        .text(order -> plain(order.view().checkoutSession()))
        .text(order -> wireName(order.view().paymentStatus()))
        .text(order -> wireName(order.view().fulfillmentStatus()))
        .text(order -> currency(order.view()))
        .longsOrNone(order -> minor(order.view().amount()))
        .longsOrNone(order -> minor(order.view().received()))
        .longsOrNone(order -> minor(order.view().refunded()))
        .text(order -> plain(order.view().reference()))
        .text(order -> order.view().livemode())
        .text(order -> order.view().placedAt())
        .text(StoredOrder::updatedAt)
        .text(order -> SearchWords.of(order.view(), order.providerIds()))
        .text(order -> order.erasure() == null ? null : order.erasure().at())
        .text(order -> order.erasure() == null ? null : plain(order.erasure().by()))
        .text(order -> plain(order.view().method() == null ? null : order.view().method().type()))
        .end();
  }

  private static void storeAgain(Exchange exchange, List<PaymentFact> facts) throws SQLException {
    if (!facts.isEmpty()) {
      exchange.write(
          STORE_AGAIN,
          Parameters.none()
              .rows(facts)
              .text(PaymentFact::id)
              .bytes(fact -> WireFormat.write(fact.event()))
              .end());
    }
  }

  private static void insertCommands(Exchange exchange, List<StoredOrder.Decided> decided)
      throws SQLException {
    if (!decided.isEmpty()) {
      exchange.write(
          INSERT_COMMANDS,
          Parameters.none()
              .rows(decided)
              .text(StoredOrder.Decided::order)
              .text(StoredOrder.Decided::id)
              .longsOrNone(StoredOrder.Decided::number)
              .text(command -> plain(command.source(), SOURCE_LENGTH_MAX))
              .text(command -> command.command().type())
              .text(StoredOrder.Decided::at)
              .text(command -> code(command.refusal()))
              .bytes(command -> WireFormat.write(command.command()))
              .end());
    }
  }

  private static void insertEvents(Exchange exchange, List<StoredOrder.Happening> happenings)
      throws SQLException {
    if (!happenings.isEmpty()) {
      exchange.write(
          INSERT_EVENTS,
          Parameters.none()
              .rows(happenings)
              .text(StoredOrder.Happening::order)
              .longs(StoredOrder.Happening::sequence)
              .text(StoredOrder.Happening::id)
              .text(happening -> happening.event().type())
              .text(StoredOrder.Happening::at)
              .longs(happening -> happening.event().order().version())
              .bytes(happening -> WireFormat.write(detail(happening)))
              .end());
    }
  }

  private static List<OutboxRow> outboxRows(StoredOrder order) {
    var rows = new ArrayList<OutboxRow>();
    for (StoredOrder.Happening happening : order.happenings()) {
      rows.add(
          row(
              order.id(),
              happening.sequence(),
              Topic.FULFILLMENT_EVENTS,
              happening.id(),
              happening.event().type(),
              happening.at(),
              order.traceparent(),
              order.json(happening.event())));
    }
    for (StoredOrder.Letter letter : order.letters()) {
      rows.add(
          row(
              order.id(),
              letter.sequence(),
              Topic.FULFILLMENT_LETTERS,
              letter.id(),
              letter.event().type(),
              letter.at(),
              order.traceparent(),
              WireFormat.write(letter.event())));
    }
    return rows;
  }

  private static OutboxRow row(
      OrderId order,
      long sequence,
      Topic topic,
      EventId id,
      String type,
      Instant at,
      @Nullable String traceparent,
      byte[] data) {
    var event =
        new CloudEvent(
            id, SOURCE, type, order, at, CloudEvent.Origin.WEBHOOK, 0, sequence, traceparent, data);
    return new OutboxRow(order, sequence, topic.topicName(), event.headers(), data);
  }

  /// The event without the order, which the timeline need not repeat at each step.
  private static Map<String, Object> detail(StoredOrder.Happening happening) {
    var detail = new LinkedHashMap<String, Object>();
    switch (happening.event()) {
      case FulfillmentEvent.Requested _,
          FulfillmentEvent.PaymentPending _,
          FulfillmentEvent.Paid _ -> {}
      case FulfillmentEvent.CustomerErased _ -> {
        if (happening.by() != null) {
          detail.put("by", happening.by());
        }
      }
      case FulfillmentEvent.Held(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.Released(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.Canceled(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.ReversalRequested(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.Reversed(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.PaymentFailed(_, var reason) -> detail.put("reason", reason);
      case FulfillmentEvent.Completed(_, var items, var tracking, var whole) -> {
        detail.put("items", items);
        if (tracking != null) {
          detail.put("tracking", tracking);
        }
        detail.put("whole", whole);
      }
      case FulfillmentEvent.Rejected(_, var command, var commandType, var reason) -> {
        detail.put("command", command);
        detail.put("commandType", commandType);
        detail.put("reason", reason);
      }
      case FulfillmentEvent.Refunded(_, var refunded, var full) -> {
        detail.put("refunded", refunded);
        detail.put("full", full);
      }
      case FulfillmentEvent.Disputed(_, var dispute, var status) -> {
        detail.put("dispute", dispute);
        detail.put("status", status);
      }
    }
    return detail;
  }

  /// As the mapper writes it.
  static String wireName(Enum<?> status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String currency(OrderView order) {
    return order.amount() == null ? null : order.amount().currency().getCurrencyCode();
  }

  private static @Nullable Long minor(@Nullable Money money) {
    return money == null ? null : money.minorUnits();
  }

  private static @Nullable String code(@Nullable Refusal refusal) {
    return refusal == null ? null : refusal.code();
  }

  /// A text as a column takes it: PostgreSQL knows no NUL.
  private static @Nullable String plain(@Nullable String text) {
    return plain(text, TEXT_LENGTH_MAX);
  }

  private static @Nullable String plain(@Nullable String text, int most) {
    return text == null ? null : CodePoints.cut(text.replace("\u0000", ""), most);
  }
}
