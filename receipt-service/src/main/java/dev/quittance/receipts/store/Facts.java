package dev.quittance.receipts.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.FactClaims;
import dev.quittance.inboxoutbox.Parameters;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was said about payments. A fact is claimed by inserting it; a corrected translation of a
/// provider's event replaces all that an earlier one made of it.
public final class Facts {

  private static final String ORDERS =
      "INSERT INTO orders (id) SELECT id FROM unnest(?::text[]) AS id ORDER BY id ON CONFLICT DO NOTHING";

  private static final String LOCK =
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
      SELECT event_id, translation, type, data, lookup
        FROM payment_facts
       WHERE order_id IN (SELECT unnest(?::text[]))
      """;

  private Facts() {}

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
  public static void store(Exchange exchange, List<HeardFact> facts, Set<OrderId> erased)
      throws SQLException {
    if (!facts.isEmpty()) {
      exchange.write(
          STORE,
          Parameters.none()
              .rows(facts)
              .text(heard -> heard.fact().id())
              .text(heard -> heard.fact().id().sourceEvent())
              .ints(heard -> heard.fact().translation())
              .text(heard -> heard.fact().lookUp().wireName())
              .text(HeardFact::order)
              .text(heard -> heard.fact().event().type())
              .words(heard -> kept(heard, erased))
              .end());
    }
  }

  /// The orders to which a corrected translation takes facts from orders whose customers were
  /// erased: they take their customer along, and no receipt may bring that customer back.
  ///
  /// @param erasures when the customers of orders were erased
  public static Map<OrderId, Instant> following(
      Map<OrderId, Instant> erasures,
      Collection<HeardFact> facts,
      List<FactClaims.Stored> replaced) {
    var following = new HashMap<OrderId, Instant>();
    for (FactClaims.Stored old : replaced) {
      Instant at = erasures.get(old.order());
      if (at != null) {
        facts.stream()
            .filter(heard -> heard.fact().id().sourceEvent().equals(old.sourceEvent()))
            .filter(heard -> !erasures.containsKey(heard.order()))
            .forEach(heard -> following.putIfAbsent(heard.order(), at));
      }
    }
    return following;
  }

  private static String kept(HeardFact heard, Set<OrderId> erased) {
    return erased.contains(heard.order())
        ? Erasure.forgotten(heard.fact().event())
        : Erasure.withoutCodes(heard.json());
  }

  /// Asks for all facts of some orders.
  static Exchange.Answer<PaymentFact> ask(Exchange exchange, Collection<OrderId> orders)
      throws SQLException {
    return exchange.ask(OF_ORDERS, Parameters.texts(orders), Facts::fact);
  }

  /// Locks orders, which need not be known yet, before whatever is asked next.
  public static void lock(Exchange exchange, Collection<OrderId> orders) throws SQLException {
    exchange.write(ORDERS, Parameters.texts(orders));
    lockKnown(exchange, orders);
  }

  /// Locks those of the orders that are known.
  static void lockKnown(Exchange exchange, Collection<OrderId> orders) throws SQLException {
    exchange.ask(LOCK, Parameters.texts(orders), row -> row.getString(1));
  }

  private static PaymentFact fact(ResultSet row) throws SQLException {
    return new PaymentFact(
        new EventId(row.getString(1)),
        row.getInt(2),
        LookUpState.named(row.getString(5)),
        event(row.getString(3), row.getString(4)));
  }

  /// What a stored fact says.
  ///
  /// @param type its `ce_type`
  static PaymentEvent event(String type, String json) {
    PaymentEventType shape =
        PaymentEventType.named(type)
            .orElseThrow(() -> new IllegalStateException("a fact of a type that is not known"));
    return WireFormat.read(json.getBytes(StandardCharsets.UTF_8), shape.shape());
  }
}
