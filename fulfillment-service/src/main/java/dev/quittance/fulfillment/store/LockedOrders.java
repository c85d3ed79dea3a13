package dev.quittance.fulfillment.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Locks orders and loads all that is known about them: three statements, however many orders. They
/// ask for `IN (SELECT unnest(?))` and not for `= ANY (?)`: a plan that was made while the tables
/// were small is kept for a while, and would compare each row with each id. Everybody locks in the
/// order of ids, so that nobody waits in a circle.
final class LockedOrders {

  private static final String LOCK =
      """
      SELECT id, version, sequence, told, view, updated_at, erased_at, erased_by
        FROM orders WHERE id IN (SELECT unnest(?::text[])) ORDER BY id FOR UPDATE
      """;

  private static final String FACTS =
      """
      SELECT order_id, event_id, translation, lookup, type, data
        FROM payment_facts WHERE order_id IN (SELECT unnest(?::text[]))
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
  static Map<OrderId, StoredOrder> lock(Connection transaction, Collection<OrderId> ids)
      throws SQLException {
    Map<OrderId, StoredOrder> orders = locked(transaction, ids);
    load(transaction, orders, Map.of());
    return orders;
  }

  /// The same, with new orders for those that don't exist. There is nothing to lock of them yet,
  /// and no facts but those that were just stored: if somebody else creates one meanwhile, writing
  /// it fails, and the transaction is to be repeated.
  ///
  /// @param stored the facts that this transaction has stored
  /// @param moved where facts moved from one order to another: an erased customer's stay without
  ///   them
  static Map<OrderId, StoredOrder> lockOrCreate(
      Connection transaction,
      Collection<OrderId> ids,
      List<IncomingFact.Told> stored,
      List<Move> moved)
      throws SQLException {
    Map<OrderId, StoredOrder> known = locked(transaction, ids);
    var orders = new TreeMap<OrderId, StoredOrder>(known);
    ids.forEach(id -> orders.computeIfAbsent(id, StoredOrder::unknown));
    for (Move move : moved) {
      StoredOrder origin = orders.get(move.from());
      StoredOrder here = orders.get(move.to());
      if (origin != null && here != null) {
        here.follow(origin);
      }
    }
    var decoded = new HashMap<String, PaymentFact>();
    for (IncomingFact.Told told : stored) {
      PaymentFact fact = told.fact();
      decoded.put(fact.id().value(), fact);
      StoredOrder order = orders.get(fact.event().about().order());
      if (order != null && !order.known()) {
        order.addFact(fact, told.data());
      }
    }
    load(transaction, known, decoded);
    return orders;
  }

  private static Map<OrderId, StoredOrder> locked(Connection transaction, Collection<OrderId> ids)
      throws SQLException {
    var orders = new TreeMap<OrderId, StoredOrder>();
    try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
      statement.setArray(1, Columns.texts(transaction, List.copyOf(ids)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          var id = new OrderId(rows.getString(1));
          orders.put(
              id,
              new StoredOrder(
                  id,
                  true,
                  rows.getLong(2),
                  rows.getLong(3),
                  rows.getBytes(4),
                  rows.getBytes(5),
                  instant(rows.getTimestamp(6)),
                  erasure(rows)));
        }
      }
    }
    return orders;
  }

  /// @param decoded facts that need not be decoded again, by their ids
  private static void load(
      Connection transaction, Map<OrderId, StoredOrder> orders, Map<String, PaymentFact> decoded)
      throws SQLException {
    if (!orders.isEmpty()) {
      loadFacts(transaction, orders, decoded);
      loadCommands(transaction, orders);
    }
  }

  private static void loadFacts(
      Connection transaction, Map<OrderId, StoredOrder> orders, Map<String, PaymentFact> decoded)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(FACTS)) {
      statement.setArray(1, Columns.texts(transaction, List.copyOf(orders.keySet())));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          StoredOrder order = orders.get(new OrderId(rows.getString(1)));
          byte[] data = rows.getBytes(6);
          PaymentFact fact = decoded.get(rows.getString(2));
          if (fact == null) {
            fact =
                fact(rows.getString(2), rows.getInt(3), rows.getString(4), rows.getString(5), data);
          }
          if (order != null && fact != null) {
            order.addFact(fact, data);
          }
        }
      }
    }
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

  private static void loadCommands(Connection transaction, Map<OrderId, StoredOrder> orders)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(COMMANDS)) {
      statement.setArray(1, Columns.texts(transaction, List.copyOf(orders.keySet())));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          StoredOrder order = orders.get(new OrderId(rows.getString(1)));
          if (order == null) {
            continue;
          }
          long number = rows.getLong(3);
          if (rows.wasNull()) {
            order.addRefused(new EventId(rows.getString(2)));
          } else {
            order.addCommand(accepted(rows, number));
          }
        }
      }
    }
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
