package dev.quittance.receipts.persistence;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.messaging.inbox.FactClaims;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was said about payments. A fact is claimed by inserting it; a corrected translation of a
/// provider's event replaces all that an earlier one made of it.
public final class FactStore {

  /// An order that is known is only locked, as every row is that a conflict is found on.
  private static final String LOCK =
      """
      INSERT INTO orders (id) SELECT id FROM unnest(?::text[]) AS id ORDER BY id
      ON CONFLICT (id) DO UPDATE SET events = excluded.events WHERE false
      """;

  private static final String LOCK_KNOWN =
      "SELECT id FROM orders WHERE id IN (SELECT unnest(?::text[])) ORDER BY id FOR UPDATE";

  private static final String STORE =
      """
      INSERT INTO payment_facts (event_id, source_event, translation, lookup, order_id, type, data)
      SELECT new.event_id, new.source_event, new.translation, new.lookup, new.order_id, new.type, new.data::json
        FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[])
             AS new (event_id, source_event, translation, lookup, order_id, type, data)
       ORDER BY new.event_id
      """;

  private static final String OF_ORDERS =
      """
      SELECT o.id, o.erased_at, fact.event_id, fact.translation, fact.type, fact.data, fact.lookup
        FROM orders AS o
        LEFT JOIN payment_facts AS fact ON fact.order_id = o.id
       WHERE o.id IN (SELECT unnest(?::text[])) AND (o.erased_at IS NOT NULL OR fact.event_id IS NOT NULL)
      """;

  private FactStore() {}

  /// The orders that facts were added to or taken from.
  public static Set<OrderId> changed(FactClaims claims) {
    var orders = new HashSet<OrderId>();
    claims.replaced().forEach(old -> orders.add(old.order()));
    claims.fresh().values().forEach(fact -> orders.add(fact.event().about().order()));
    return orders;
  }

  /// Stores facts whose orders are locked.
  ///
  /// @param erased orders whose customers are forgotten
  public static void store(
      StatementPipeline exchange, List<ReceivedFact> facts, Set<OrderId> erased)
      throws SQLException {
    if (!facts.isEmpty()) {
      exchange.write(
          STORE,
          Parameters.none()
              .rows(facts)
              .text(received -> received.fact().id())
              .text(received -> received.fact().id().sourceEvent())
              .ints(received -> received.fact().translation())
              .text(received -> received.fact().lookUp().wireName())
              .text(ReceivedFact::order)
              .text(received -> received.fact().event().type())
              .words(received -> kept(received, erased))
              .end());
    }
  }

  /// The orders to which a corrected translation takes facts from orders whose customers were
  /// erased: they take their customer along, and no receipt may bring that customer back.
  ///
  /// @param erasures when the customers of orders were erased
  public static Map<OrderId, Instant> following(
      Map<OrderId, Instant> erasures,
      Collection<ReceivedFact> facts,
      List<FactClaims.Stored> replaced) {
    var following = new HashMap<OrderId, Instant>();
    for (FactClaims.Stored old : replaced) {
      Instant at = erasures.get(old.order());
      if (at != null) {
        facts.stream()
            .filter(received -> received.fact().id().sourceEvent().equals(old.sourceEvent()))
            .filter(received -> !erasures.containsKey(received.order()))
            .forEach(received -> following.putIfAbsent(received.order(), at));
      }
    }
    return following;
  }

  private static String kept(ReceivedFact received, Set<OrderId> erased) {
    return erased.contains(received.order())
        ? Erasure.forgotten(received.fact().event())
        : Erasure.withoutCodes(received.json());
  }

  /// An order with one of its facts.
  ///
  /// @param erased when its customer was erased
  /// @param fact none of an order without any
  record OfOrder(OrderId order, @Nullable Instant erased, @Nullable PaymentFact fact) {}

  /// Asks for all facts of some orders, and when their customers were erased.
  static StatementPipeline.Answer<OfOrder> ask(
      StatementPipeline exchange, Collection<OrderId> orders) throws SQLException {
    return exchange.ask(
        OF_ORDERS,
        Parameters.texts(orders),
        row ->
            new OfOrder(
                new OrderId(row.getString(1)),
                Columns.instantOrNull(row, 2),
                row.getString(3) == null ? null : fact(row)));
  }

  /// Locks orders, which need not be known yet, before whatever is asked next.
  public static void lock(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    exchange.write(LOCK, Parameters.texts(orders));
  }

  /// Locks those of the orders that are known.
  static void lockKnown(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    exchange.ask(LOCK_KNOWN, Parameters.texts(orders), row -> row.getString(1));
  }

  private static PaymentFact fact(ResultSet row) throws SQLException {
    return new PaymentFact(
        new EventId(row.getString(3)),
        row.getInt(4),
        LookUpState.named(row.getString(7)),
        event(row.getString(5), row.getString(6)));
  }

  /// What a stored fact says.
  ///
  /// @param type its `ce_type`
  static PaymentEvent event(String type, String json) {
    PaymentEventType shape =
        PaymentEventType.named(type)
            .orElseThrow(() -> new IllegalStateException("a fact of a type that is not known"));
    return Columns.read(json, shape.shape());
  }
}
