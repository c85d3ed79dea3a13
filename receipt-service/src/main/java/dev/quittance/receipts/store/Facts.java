package dev.quittance.receipts.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
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

  /// Orders that an earlier translation put the same events under are touched too.
  private static final String LOCK =
      """
      SELECT id
        FROM orders
       WHERE id IN (SELECT unnest(?::text[])
                     UNION
                    SELECT order_id FROM payment_facts WHERE source_event IN (SELECT unnest(?::text[])))
       ORDER BY id
         FOR UPDATE
      """;

  private static final String REPLACE =
      """
      DELETE FROM payment_facts AS old
       USING (SELECT DISTINCT source_event, translation
                FROM unnest(?::text[], ?::int[]) AS batch (source_event, translation)) AS new
       WHERE old.source_event = new.source_event AND old.translation < new.translation
      RETURNING old.order_id, old.source_event
      """;

  private static final String CLAIM =
      """
      INSERT INTO payment_facts (event_id, source_event, translation, order_id, type, data)
      SELECT new.event_id, new.source_event, new.translation, new.order_id, new.type, new.data::json
        FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[])
             AS new (event_id, source_event, translation, order_id, type, data)
       WHERE NOT EXISTS (SELECT FROM payment_facts AS newer
                          WHERE newer.source_event = new.source_event
                            AND newer.translation > new.translation)
       ORDER BY new.event_id
      ON CONFLICT (event_id) DO NOTHING
      RETURNING event_id
      """;

  private static final String OF_ORDERS =
      """
      SELECT event_id, translation, type, data, order_id
        FROM payment_facts
       WHERE order_id IN (SELECT unnest(?::text[]))
      """;

  private Facts() {}

  /// Which facts were new, and which orders they change.
  public record Claimed(Set<EventId> fresh, Set<OrderId> orders) {}

  /// Locks the orders and claims the facts.
  ///
  /// @param facts no two of the same id, none of a lower translation than another of its source
  public static Claimed claim(Connection transaction, Collection<HeardFact> facts)
      throws SQLException {
    List<OrderId> about = facts.stream().map(HeardFact::order).distinct().toList();
    lock(transaction, facts, about);
    Map<OrderId, Set<String>> replaced = replace(transaction, facts);
    Set<OrderId> erased = erased(transaction, facts, about, replaced);
    var orders = new HashSet<>(replaced.keySet());
    var fresh = new HashSet<EventId>();
    try (PreparedStatement statement = transaction.prepareStatement(CLAIM)) {
      Columns.of(transaction, statement, facts)
          .text(heard -> heard.fact().id().value())
          .text(HeardFact::source)
          .ints(heard -> heard.fact().translation())
          .text(heard -> heard.order().value())
          .text(heard -> heard.fact().event().type())
          .text(heard -> kept(heard, erased));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          fresh.add(new EventId(rows.getString(1)));
        }
      }
    }
    facts.stream()
        .filter(heard -> fresh.contains(heard.fact().id()))
        .map(HeardFact::order)
        .forEach(orders::add);
    return new Claimed(fresh, orders);
  }

  /// Whose customers were erased: of the orders themselves, and of orders that a corrected
  /// translation takes facts from, since they take their customer along. Where they go, no receipt
  /// may bring that customer back.
  private static Set<OrderId> erased(
      Connection transaction,
      Collection<HeardFact> facts,
      Collection<OrderId> about,
      Map<OrderId, Set<String>> replaced)
      throws SQLException {
    var touched = new HashSet<>(about);
    touched.addAll(replaced.keySet());
    Map<OrderId, Instant> erasures = Erasure.erasures(transaction, touched);
    var following = new HashMap<OrderId, Instant>();
    replaced.forEach((from, sources) -> {
      Instant at = erasures.get(from);
      if (at != null) {
        facts.stream()
            .filter(heard -> sources.contains(heard.source()))
            .filter(heard -> !erasures.containsKey(heard.order()))
            .forEach(heard -> following.putIfAbsent(heard.order(), at));
      }
    });
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
    lock(transaction, List.of(), orders);
  }

  private static void lock(
      Connection transaction, Collection<HeardFact> facts, Collection<OrderId> about)
      throws SQLException {
    List<String> orders = about.stream().map(OrderId::value).toList();
    try (PreparedStatement statement = transaction.prepareStatement(ORDERS)) {
      statement.setArray(1, transaction.createArrayOf("text", orders.toArray(String[]::new)));
      statement.executeUpdate();
    }
    try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
      statement.setArray(1, transaction.createArrayOf("text", orders.toArray(String[]::new)));
      statement.setArray(
          2,
          transaction.createArrayOf(
              "text", facts.stream().map(HeardFact::source).distinct().toArray(String[]::new)));
      statement.executeQuery().close();
    }
  }

  /// Removes what the facts replace: which orders lost facts of which source events.
  private static Map<OrderId, Set<String>> replace(
      Connection transaction, Collection<HeardFact> facts) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(REPLACE)) {
      Columns.of(transaction, statement, facts)
          .text(HeardFact::source)
          .ints(heard -> heard.fact().translation());
      var replaced = new HashMap<OrderId, Set<String>>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          replaced
              .computeIfAbsent(new OrderId(rows.getString(1)), _ -> new HashSet<>())
              .add(rows.getString(2));
        }
      }
      return replaced;
    }
  }

  private static PaymentFact fact(ResultSet row) throws SQLException {
    return new PaymentFact(
        new EventId(row.getString(1)), row.getInt(2), event(row.getString(3), row.getString(4)));
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
