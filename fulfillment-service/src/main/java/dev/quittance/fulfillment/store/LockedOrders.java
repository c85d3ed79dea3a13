package dev.quittance.fulfillment.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.FactClaims;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Locks orders and loads all that is known about them: one exchange, however many orders. They ask
/// for `IN (SELECT unnest(?))` and not for `= ANY (?)`: with that, a plan that was made while the
/// tables were small and is kept may compare each row with each id, where with this it looks each
/// id up ([Exchange]). Everybody locks in the order of ids, so that nobody waits in a circle.
final class LockedOrders {

  private static final String LOCK =
      """
      SELECT id, version, sequence, told, view, updated_at, erased_at, erased_by
        FROM orders WHERE id IN (SELECT unnest(?::text[])) ORDER BY id FOR UPDATE
      """;

  private static final String FACTS =
      """
      SELECT order_id, event_id, translation, lookup, type, data
        FROM payment_facts WHERE order_id IN (SELECT id FROM orders WHERE id IN (SELECT unnest(?::text[])))
      """;

  private static final String COMMANDS =
      """
      SELECT order_id, command_id, number, source, type, recorded_at, data
        FROM commands WHERE order_id IN (SELECT unnest(?::text[])) ORDER BY order_id, number
      """;

  /// Facts went from one order to another.
  record Move(OrderId from, OrderId to) {}

  private LockedOrders() {}

  /// Locks those of the orders that exist and loads their facts and commands.
  static Map<OrderId, StoredOrder> lock(Exchange exchange, Collection<OrderId> ids)
      throws SQLException {
    Exchange.Answer<StoredOrder> locked = locked(exchange, ids);
    var known = Known.of(exchange, ids);
    Map<OrderId, StoredOrder> orders = byId(locked);
    known.load(orders);
    return orders;
  }

  /// The same, with new orders for those that don't exist, of which there is nothing to lock yet:
  /// if somebody else creates one meanwhile, writing it fails, and the transaction is to be
  /// repeated.
  ///
  /// @param claims of which the replaced facts are deleted, once the orders are locked
  /// @param added facts that are stored by the same transaction, after this
  /// @param moved where facts moved from one order to another: an erased customer's stay without
  ///   them
  static Map<OrderId, StoredOrder> lockOrCreate(
      Exchange exchange,
      Collection<OrderId> ids,
      FactClaims claims,
      List<IncomingFact.Told> added,
      List<Move> moved)
      throws SQLException {
    Exchange.Answer<StoredOrder> locked = locked(exchange, ids);
    claims.deleteReplaced(exchange);
    var known = Known.of(exchange, ids);
    Map<OrderId, StoredOrder> orders = byId(locked);
    ids.forEach(id -> orders.computeIfAbsent(id, StoredOrder::unknown));
    for (Move move : moved) {
      StoredOrder origin = orders.get(move.from());
      StoredOrder here = orders.get(move.to());
      if (origin != null && here != null) {
        here.follow(origin);
      }
    }
    known.load(orders);
    for (IncomingFact.Told told : added) {
      StoredOrder order = orders.get(told.fact().event().about().order());
      if (order != null) {
        order.addFact(told.fact(), told.data());
      }
    }
    return orders;
  }

  private static Exchange.Answer<StoredOrder> locked(Exchange exchange, Collection<OrderId> ids)
      throws SQLException {
    return exchange.ask(LOCK, Parameters.texts(ids), LockedOrders::order);
  }

  private static Map<OrderId, StoredOrder> byId(Exchange.Answer<StoredOrder> locked)
      throws SQLException {
    var orders = new TreeMap<OrderId, StoredOrder>();
    locked.rows().forEach(order -> orders.put(order.id(), order));
    return orders;
  }

  /// What is known of locked orders. Each statement sees what was committed before it: of an order
  /// that was created behind the lock's back, nothing is taken.
  private record Known(Exchange.Answer<StoredFact> facts, Exchange.Answer<StoredCommand> commands) {

    static Known of(Exchange exchange, Collection<OrderId> ids) throws SQLException {
      Parameters all = Parameters.texts(ids);
      return new Known(
          exchange.ask(FACTS, all, LockedOrders::fact),
          exchange.ask(COMMANDS, all, LockedOrders::command));
    }

    void load(Map<OrderId, StoredOrder> orders) throws SQLException {
      for (StoredFact stored : facts.rows()) {
        StoredOrder order = orders.get(stored.order);
        if (order != null && order.known() && stored.fact != null) {
          order.addFact(stored.fact, stored.data);
        }
      }
      for (StoredCommand stored : commands.rows()) {
        StoredOrder order = orders.get(stored.order);
        if (order != null && order.known()) {
          if (stored.accepted == null) {
            order.addRefused(stored.command);
          } else {
            order.addCommand(stored.accepted);
          }
        }
      }
    }
  }

  /// @param fact none of a type that only a newer version knows
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record StoredFact(OrderId order, @Nullable PaymentFact fact, byte[] data) {}

  /// @param accepted none of one that was refused
  private record StoredCommand(
      OrderId order, EventId command, @Nullable AcceptedCommand accepted) {}

  private static StoredOrder order(ResultSet row) throws SQLException {
    return new StoredOrder(
        new OrderId(row.getString(1)),
        true,
        row.getLong(2),
        row.getLong(3),
        row.getBytes(4),
        row.getBytes(5),
        instant(row.getTimestamp(6)),
        erasure(row));
  }

  private static StoredFact fact(ResultSet row) throws SQLException {
    byte[] data = row.getBytes(6);
    return new StoredFact(
        new OrderId(row.getString(1)),
        fact(row.getString(2), row.getInt(3), row.getString(4), row.getString(5), data),
        data);
  }

  /// A stored fact; none of a type that only a newer version knows, which a roll-back may leave.
  static @Nullable PaymentFact fact(
      String id, int translation, String lookUp, String type, byte[] data) {
    return PaymentEventType.named(type)
        .map(known ->
            new PaymentFact(
                new EventId(id), translation, LookUpState.named(lookUp), read(data, known)))
        .orElse(null);
  }

  private static dev.quittance.contracts.PaymentEvent read(byte[] data, PaymentEventType type) {
    return WireFormat.read(data, type.shape());
  }

  private static StoredCommand command(ResultSet row) throws SQLException {
    long number = row.getLong(3);
    boolean refused = row.wasNull();
    return new StoredCommand(
        new OrderId(row.getString(1)),
        new EventId(row.getString(2)),
        refused ? null : accepted(row, number));
  }

  private static AcceptedCommand accepted(ResultSet row, long number) throws SQLException {
    FulfillmentCommandType type =
        FulfillmentCommandType.named(row.getString(5))
            .orElseThrow(() -> new IllegalStateException("a stored command of unknown type"));
    return new AcceptedCommand(
        number,
        new EventId(row.getString(2)),
        row.getString(4),
        row.getTimestamp(6).toInstant(),
        WireFormat.read(row.getBytes(7), type.shape()));
  }

  private static @Nullable Erasure erasure(ResultSet row) throws SQLException {
    Timestamp at = row.getTimestamp(7);
    return at == null ? null : new Erasure(at.toInstant(), row.getString(8));
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
