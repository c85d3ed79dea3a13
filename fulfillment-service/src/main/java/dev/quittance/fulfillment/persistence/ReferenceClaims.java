package dev.quittance.fulfillment.persistence;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AnnouncedState;
import dev.quittance.fulfillment.order.Effect;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.order.ReferenceKey;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.StatementPipeline.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which of the orders that name one order of the shop's goes out: the one that has the row of its
/// reference. Rows are locked after the orders, in the order of their keys, so that nobody waits in
/// a circle. Batches without such orders ask nothing.
final class ReferenceClaims {

  /// A row that is there is only locked, as every row is that a conflict is found on.
  private static final String LOCK =
      """
      INSERT INTO reference_claims (key, order_id)
      SELECT decode(key, 'hex'), order_id FROM unnest(?::text[], ?::text[]) AS claim (key, order_id)
       ORDER BY key
      ON CONFLICT (key) DO UPDATE SET order_id = excluded.order_id WHERE false
      """;

  /// Whose each is: what was committed about that order before the row was locked.
  private static final String OWNERS =
      """
      SELECT encode(claim.key, 'hex'), claim.order_id, owner.told
        FROM reference_claims AS claim
        LEFT JOIN orders AS owner ON owner.id = claim.order_id
       WHERE claim.key IN (SELECT decode(key, 'hex') FROM unnest(?::text[]) AS asked (key))
      """;

  /// Who went out without a claim, as all do whose endpoint lets references be any text. In the
  /// order of an index, to the first that counts: such a text may be on any number of orders. What
  /// this transaction has canceled isn't written yet.
  private static final String EARLIER =
      """
      WITH canceled AS (SELECT unnest(?::text[]) AS id)
      SELECT asked.key, earlier.id
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          AS asked (key, account, livemode, connected, reference)
        JOIN LATERAL (
          SELECT id
            FROM orders
           WHERE orders.account = asked.account AND orders.reference = asked.reference
             AND orders.livemode = asked.livemode::boolean
             AND orders.connected_account IS NOT DISTINCT FROM asked.connected
             AND convert_from(orders.told, 'UTF8')::jsonb ->> 'effect' <> 'canceled'
             AND NOT EXISTS (SELECT FROM canceled WHERE canceled.id = orders.id)
             AND EXISTS (SELECT FROM order_events WHERE order_id = orders.id AND type = '%s')
           ORDER BY placed_at, id
           LIMIT 1) AS earlier ON true
      """
          .formatted(FulfillmentEventType.REQUESTED.typeName());

  private static final String HAND_OVER =
      """
      UPDATE reference_claims SET order_id = claim.order_id
        FROM unnest(?::text[], ?::text[]) AS claim (key, order_id)
       WHERE reference_claims.key = decode(claim.key, 'hex')
      """;

  private record Owner(String key, OrderId order, boolean canceled) {}

  private record Earlier(String key, OrderId order) {}

  /// The orders that ask for one claim, the first payment first.
  private record Asking(String key, ReferenceKey reference, List<Order> orders) {}

  private final StatementPipeline transaction;

  ReferenceClaims(StatementPipeline transaction) {
    this.transaction = transaction;
  }

  /// Tells each of the orders that has to claim its reference whose it is.
  ///
  /// @param orders locked
  /// @param releasing which of them are about to be asked to end their hold
  /// @param locked all orders of the transaction; what it changed of them counts
  void settle(Collection<Order> orders, Predicate<Order> releasing, Collection<Order> locked)
      throws SQLException {
    List<Asking> asking = asking(orders, releasing);
    if (asking.isEmpty()) {
      return;
    }
    var here = new TreeMap<OrderId, Order>();
    locked.forEach(order -> here.put(order.id(), order));
    List<OrderId> canceled =
        locked.stream().filter(order -> isCanceled(order.announced())).map(Order::id).toList();
    transaction.write(
        LOCK,
        Parameters.none()
            .rows(asking)
            .text(Asking::key)
            .text(each -> each.orders().getFirst().id())
            .end());
    Answer<Owner> owners =
        transaction.ask(
            OWNERS, Parameters.none().rows(asking).text(Asking::key).end(), ReferenceClaims::owner);
    Answer<Earlier> earlier =
        transaction.ask(
            EARLIER,
            Parameters.texts(canceled)
                .rows(asking)
                .text(Asking::key)
                .text(each -> each.reference().account())
                .text(each -> each.reference().livemode())
                .text(each -> each.reference().connectedAccount())
                .text(each -> Columns.plain(each.reference().reference()))
                .end(),
            row -> new Earlier(row.getString(1), new OrderId(row.getString(2))));
    var ownerOf = new TreeMap<String, Owner>();
    owners.rows().forEach(owner -> ownerOf.put(owner.key(), asItIsHere(owner, here)));
    var earlierOf = new TreeMap<String, OrderId>();
    earlier.rows().forEach(found -> earlierOf.put(found.key(), found.order()));
    var handedOver = new TreeMap<String, OrderId>();
    for (Asking each : asking) {
      Owner owner = requireNonNull(ownerOf.get(each.key()));
      OrderId first = first(each, owner, earlierOf.get(each.key()));
      if (!first.equals(owner.order())) {
        handedOver.put(each.key(), first);
      }
      each.orders().forEach(order -> order.claimed(first.equals(order.id()) ? null : first));
    }
    handOver(handedOver);
  }

  private static Owner asItIsHere(Owner owner, Map<OrderId, Order> here) {
    Order order = here.get(owner.order());
    return order == null
        ? owner
        : new Owner(owner.key(), owner.order(), isCanceled(order.announced()));
  }

  private static boolean isCanceled(AnnouncedState announced) {
    return announced.effect() == Effect.CANCELED;
  }

  private static List<Asking> asking(Collection<Order> orders, Predicate<Order> releasing) {
    var byKey = new TreeMap<String, Asking>();
    for (Order order : orders) {
      ReferenceKey reference = order.toBeClaimed(releasing.test(order));
      if (reference != null) {
        byKey
            .computeIfAbsent(reference.hash(), key -> new Asking(key, reference, new ArrayList<>()))
            .orders()
            .add(order);
      }
    }
    byKey
        .values()
        .forEach(
            asking -> asking.orders().sort(comparing(Order::placedAt).thenComparing(Order::id)));
    return List.copyOf(byKey.values());
  }

  /// Whoever has it keeps it, unless nothing will ever leave for it. Who went out before anybody
  /// claimed comes before whoever never did.
  private static OrderId first(Asking asking, Owner owner, @Nullable OrderId earlier) {
    Order asked =
        asking.orders().stream()
            .filter(order -> order.id().equals(owner.order()))
            .findFirst()
            .orElse(null);
    if (asked == null && !owner.canceled()) {
      return owner.order();
    }
    Order next = asked == null ? asking.orders().getFirst() : asked;
    return earlier == null || next.announced().requested() ? next.id() : earlier;
  }

  private void handOver(Map<String, OrderId> claims) throws SQLException {
    if (!claims.isEmpty()) {
      transaction.write(
          HAND_OVER,
          Parameters.none()
              .rows(claims.entrySet())
              .text(Map.Entry::getKey)
              .text(Map.Entry::getValue)
              .end());
    }
  }

  private static Owner owner(ResultSet row) throws SQLException {
    byte[] told = row.getBytes(3);
    return new Owner(
        row.getString(1),
        new OrderId(row.getString(2)),
        told != null && isCanceled(WireFormat.read(told, AnnouncedState.class)));
  }
}
