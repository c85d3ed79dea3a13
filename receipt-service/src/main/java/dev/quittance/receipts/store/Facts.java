package dev.quittance.receipts.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.FactClaims;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
      "INSERT INTO orders (id) SELECT id FROM unnest(?) AS id ORDER BY id ON CONFLICT DO NOTHING";

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
      SELECT event_id, translation, type, data, order_id, lookup
        FROM payment_facts
       WHERE order_id IN (SELECT unnest(?::text[]))
      """;

  private Facts() {}

  /// Claims facts and withdrawals, and locks the orders that they change.
  ///
  /// @param messages all, in the order in which they came
  /// @param facts those of the messages that are facts
  public static FactClaims claim(
      Connection transaction, List<PaymentMessage> messages, Collection<HeardFact> facts)
      throws SQLException {
    var claims = FactClaims.of(transaction, messages);
    Set<OrderId> orders = changed(claims);
    if (orders.isEmpty()) {
      return claims;
    }
    lock(transaction, orders);
    claims.deleteReplaced(transaction);
    List<HeardFact> fresh = facts.stream().filter(heard -> claims.takes(heard.fact())).toList();
    if (!fresh.isEmpty()) {
      store(transaction, fresh, erased(transaction, fresh, orders, claims.replaced()));
    }
    return claims;
  }

  /// The orders that facts were added to or taken from.
  public static Set<OrderId> changed(FactClaims claims) {
    var orders = new HashSet<OrderId>();
    claims.replaced().forEach(old -> orders.add(old.order()));
    claims.fresh().values().forEach(fact -> orders.add(fact.event().about().order()));
    return orders;
  }

  private static void store(Connection transaction, List<HeardFact> facts, Set<OrderId> erased)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(STORE)) {
      Columns.of(transaction, statement, facts)
          .text(heard -> heard.fact().id().value())
          .text(heard -> heard.fact().id().sourceEvent())
          .ints(heard -> heard.fact().translation())
          .text(heard -> heard.fact().lookUp().wireName())
          .text(heard -> heard.order().value())
          .text(heard -> heard.fact().event().type())
          .text(heard -> kept(heard, erased));
      statement.executeUpdate();
    }
  }

  /// Whose customers were erased: of the orders themselves, and of orders that a corrected
  /// translation takes facts from, since they take their customer along. Where they go, no receipt
  /// may bring that customer back.
  private static Set<OrderId> erased(
      Connection transaction,
      Collection<HeardFact> facts,
      Collection<OrderId> touched,
      List<FactClaims.Stored> replaced)
      throws SQLException {
    Map<OrderId, Instant> erasures = Erasure.erasures(transaction, touched);
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
    var erased = new HashSet<>(erasures.keySet());
    erased.addAll(Erasure.erase(transaction, following));
    return erased;
  }

  private static String kept(HeardFact heard, Set<OrderId> erased) {
    return erased.contains(heard.order())
        ? Erasure.forgotten(heard.fact().event())
        : Erasure.withoutCodes(heard.json());
  }

  /// All facts of some orders. Orders without any are absent.
  public static Map<OrderId, List<PaymentFact>> of(
      Connection transaction, Collection<OrderId> orders) throws SQLException {
    var facts = new HashMap<OrderId, List<PaymentFact>>();
    try (PreparedStatement statement = transaction.prepareStatement(OF_ORDERS)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          facts
              .computeIfAbsent(new OrderId(rows.getString(5)), _ -> new ArrayList<>())
              .add(fact(rows));
        }
      }
    }
    return facts;
  }

  /// Locks orders, which need not be known yet.
  public static void lock(Connection transaction, Collection<OrderId> orders) throws SQLException {
    String[] ids = orders.stream().map(OrderId::value).toArray(String[]::new);
    for (String statement : List.of(ORDERS, LOCK)) {
      try (PreparedStatement prepared = transaction.prepareStatement(statement)) {
        prepared.setArray(1, transaction.createArrayOf("text", ids));
        prepared.execute();
      }
    }
  }

  private static PaymentFact fact(ResultSet row) throws SQLException {
    return new PaymentFact(
        new EventId(row.getString(1)),
        row.getInt(2),
        LookUpState.named(row.getString(6)),
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
