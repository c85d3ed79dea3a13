package dev.quittance.fulfillment.persistence;

import static java.util.stream.Collectors.toSet;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.CommittedChanges;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.messaging.inbox.FactClaims;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.StatementPipeline.Answer;
import dev.quittance.messaging.outbox.Outbox;
import dev.quittance.messaging.outbox.OutboxRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The orders within a transaction: locks them, loads all that is known about them, and writes what
/// changed. However many orders, the number of statements and round trips stays. Statements ask for
/// `IN (SELECT unnest(?))` and not for `= ANY (?)`: with that, a plan that was made while the
/// tables were small and is kept may compare each row with each id, where with this it looks each
/// id up ([StatementPipeline]). Everybody locks in the order of ids, so that nobody waits in a
/// circle.
public final class OrderRepository {

  /// As it stands in `ce_source`.
  static final String SOURCE = "/quittance/fulfillment";

  private static final String NEXT_IDS = "SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?";

  private static final String HELD_BEHIND_CANCELED =
      """
      SELECT held.id
        FROM orders AS held
        JOIN orders AS first ON first.id = held.duplicate_of
       WHERE held.duplicate_of IS NOT NULL AND held.fulfillment_status = 'on_hold' AND held.id > ?
         AND convert_from(first.told, 'UTF8')::jsonb ->> 'effect' = 'canceled'
       ORDER BY held.id
       LIMIT ?
      """;

  private static final String REPEAT_ERASURES =
      """
      WITH late AS (
        SELECT id
          FROM orders
         WHERE erased_at IS NOT NULL AND erasure_repeated_at IS NULL AND erased_at <= ?
         ORDER BY id
         LIMIT ?
           FOR UPDATE SKIP LOCKED
      ), repeated AS (
        UPDATE orders SET erasure_repeated_at = ? FROM late WHERE orders.id = late.id RETURNING orders.id
      )
      INSERT INTO states_due (order_id) SELECT id FROM repeated RETURNING order_id
      """;

  private final StatementPipeline transaction;
  private CommittedChanges changes = CommittedChanges.NOTHING;

  public OrderRepository(StatementPipeline transaction) {
    this.transaction = transaction;
  }

  /// What was changed, to be reported once it is committed.
  public CommittedChanges changes() {
    return changes;
  }

  /// The first answers to requests that carried a key, under their order's lock.
  public IdempotencyKeys idempotencyKeys() {
    return new IdempotencyKeys(transaction);
  }

  /// Locks an order and loads its facts and commands; null when there is no such order.
  public @Nullable Order lock(OrderId id) throws SQLException {
    return lock(Set.of(id)).get(id);
  }

  /// Locks those of the orders that exist and loads their facts and commands.
  public Map<OrderId, Order> lock(Collection<OrderId> ids) throws SQLException {
    return ask(ids).load(Set.of(), Set.copyOf(ids));
  }

  /// Asks for the locks of orders and for all that is known of them: it comes with the answer to
  /// whatever was asked before.
  public Asked ask(Collection<OrderId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return Asked.NOTHING;
    }
    Parameters all = Parameters.texts(ids);
    return new Asked(
        Set.copyOf(ids),
        transaction.ask(OrderRow.LOCK, all, OrderRow::locked),
        transaction.ask(FactRow.OF_ORDERS, all, FactRow::of),
        transaction.ask(CommandRow.OF_ORDERS, all, CommandRow::of));
  }

  /// Orders that were asked for, and not read yet.
  public static final class Asked {

    private static final Asked NOTHING = new Asked(Set.of(), null, null, null);

    private final Set<OrderId> ids;
    private final @Nullable Answer<Order> locked;
    private final @Nullable Answer<FactRow> facts;
    private final @Nullable Answer<CommandRow> commands;

    private Asked(
        Set<OrderId> ids,
        @Nullable Answer<Order> locked,
        @Nullable Answer<FactRow> facts,
        @Nullable Answer<CommandRow> commands) {
      this.ids = ids;
      this.locked = locked;
      this.facts = facts;
      this.commands = commands;
    }

    /// Each statement saw what was committed before it: of an order that was created behind the
    /// lock's back, nothing is taken.
    private Map<OrderId, Order> load(Set<String> replaced, Set<OrderId> concerned)
        throws SQLException {
      var orders = new TreeMap<OrderId, Order>();
      for (Order order : rows(locked)) {
        if (concerned.contains(order.id())) {
          orders.put(order.id(), order);
        }
      }
      for (FactRow row : rows(facts)) {
        Order order = orders.get(new OrderId(row.orderId));
        if (order != null && !replaced.contains(row.eventId)) {
          row.fact().ifPresent(fact -> order.addFact(fact, row.data));
        }
      }
      for (CommandRow row : rows(commands)) {
        Order order = orders.get(new OrderId(row.orderId));
        if (order != null) {
          row.addTo(order);
        }
      }
      return orders;
    }

    private static <T> List<T> rows(@Nullable Answer<T> answer) throws SQLException {
      return answer == null ? List.of() : answer.rows();
    }
  }

  /// Loads orders, with new ones for those that don't exist, of which there is nothing to lock yet:
  /// if somebody else creates one meanwhile, writing it fails, and the transaction is to be
  /// repeated.
  ///
  /// @param asked before it was known which are concerned; those that it lacks are locked now,
  ///   which takes an exchange
  /// @param claims of which the replaced facts are deleted, once the orders are locked
  public Map<OrderId, Order> loadOrCreate(Set<OrderId> ids, Asked asked, FactClaims claims)
      throws SQLException {
    Set<String> replaced =
        claims.replaced().stream().map(fact -> fact.id().value()).collect(toSet());
    Map<OrderId, Order> orders = asked.load(replaced, ids);
    List<OrderId> others = ids.stream().filter(id -> !asked.ids.contains(id)).toList();
    orders.putAll(ask(others).load(replaced, Set.copyOf(others)));
    claims.deleteReplaced(transaction);
    ids.forEach(id -> orders.computeIfAbsent(id, Order::unknown));
    return orders;
  }

  /// Folds orders again, after all their facts are added. Those that are about to go out, and may
  /// by one payment alone, claim their references; the others first, since one of them may be
  /// canceled that had a claim.
  public void refold(Collection<Order> orders, Instant now) throws SQLException {
    var claiming = new ArrayList<Order>();
    for (Order order : orders) {
      if (order.toBeClaimed(false) == null) {
        order.refold(now);
      } else {
        claiming.add(order);
      }
    }
    if (!claiming.isEmpty()) {
      new ReferenceClaims(transaction).settle(claiming, _ -> false, orders);
      claiming.forEach(order -> order.refold(now));
    }
  }

  /// Claims the references of those that are about to be released, and may go out by one payment
  /// alone.
  ///
  /// @param releasing which of them are about to be asked to end their hold
  public void claim(Collection<Order> orders, Predicate<Order> releasing) throws SQLException {
    new ReferenceClaims(transaction).settle(orders, releasing, orders);
  }

  /// Stores facts that came in.
  public void insertFacts(List<ReceivedMessage> facts, Instant now) throws SQLException {
    write(FactRow.INSERT, facts, all -> FactRow.columns(all, now));
  }

  /// Writes the orders that changed, their commands and events, the outbox, and that their states
  /// are due.
  public void save(Collection<Order> orders) throws SQLException {
    List<Order> changed = orders.stream().filter(Order::changed).toList();
    if (changed.isEmpty()) {
      return;
    }
    write(OrderRow.UPDATE, changed.stream().filter(Order::stored).toList(), OrderRow::columns);
    insert(changed.stream().filter(order -> !order.stored()).toList());
    write(FactRow.ERASE, all(changed, Order::erasedFacts), FactRow::erased);
    write(CommandRow.INSERT, all(changed, Order::decided), CommandRow::columns);
    write(EventRow.INSERT, all(changed, Order::events), EventRow::columns);
    Outbox.append(transaction, all(changed, OrderRepository::outboxRows));
    for (Order order : changed) {
      if (order.newlyErased()) {
        StoredPersonalData.erase(transaction, order.id());
      }
    }
    changes = CommittedChanges.of(changed);
  }

  private static <T> List<T> all(List<Order> orders, Function<Order, List<T>> what) {
    return orders.stream().map(what).flatMap(List::stream).toList();
  }

  private <T> void write(String sql, List<T> rows, Function<List<T>, Parameters> columns)
      throws SQLException {
    if (!rows.isEmpty()) {
      transaction.write(sql, columns.apply(rows));
    }
  }

  /// Fails where another transaction has created one of them.
  private void insert(List<Order> orders) throws SQLException {
    if (!orders.isEmpty()) {
      transaction.insert(OrderRow.INSERT, OrderRow.columns(orders), "orders_pkey");
    }
  }

  private static List<OutboxRow> outboxRows(Order order) {
    var rows = new ArrayList<OutboxRow>();
    for (Order.Event event : order.events()) {
      rows.add(
          row(
              order,
              Topic.FULFILLMENT_EVENTS,
              event.id(),
              event.sequence(),
              event.content().type(),
              event.at(),
              EventJson.write(event.content(), order)));
    }
    for (Order.Notice notice : order.notices()) {
      rows.add(
          row(
              order,
              Topic.FULFILLMENT_LETTERS,
              notice.id(),
              notice.sequence(),
              notice.content().type(),
              notice.at(),
              WireFormat.write(notice.content())));
    }
    return rows;
  }

  private static OutboxRow row(
      Order order, Topic topic, EventId id, long sequence, String type, Instant at, byte[] data) {
    CloudEvent event = cloudEvent(order.id(), id, sequence, type, at, order.traceparent(), data);
    return new OutboxRow(order.id(), sequence, topic.topicName(), event.headers(), data);
  }

  /// An event of this service.
  static CloudEvent cloudEvent(
      OrderId order,
      EventId id,
      long sequence,
      String type,
      Instant at,
      @Nullable String traceparent,
      byte[] data) {
    return new CloudEvent(
        id, SOURCE, type, order, at, CloudEvent.Origin.WEBHOOK, 0, sequence, traceparent, data);
  }

  /// The ids of the orders that come next by their ids.
  ///
  /// @param after the last one before; empty to begin
  public List<OrderId> idsAfter(String after, int limit) throws SQLException {
    return transaction
        .ask(
            NEXT_IDS,
            Parameters.none().text(after).number(limit),
            row -> new OrderId(row.getString(1)))
        .rows();
  }

  /// The ids of orders on hold that were found to be paid twice, where the first was canceled
  /// before anything left.
  ///
  /// @param after the last one before; empty to begin
  public List<OrderId> heldBehindCanceled(String after, int limit) throws SQLException {
    return transaction
        .ask(
            HELD_BEHIND_CANCELED,
            Parameters.none().text(after).number(limit),
            row -> new OrderId(row.getString(1)))
        .rows();
  }

  /// Marks the states of orders whose customer was erased by then as due once more. Several
  /// transactions may do so at a time: each order is one's.
  ///
  /// @param most how many at a time
  /// @return how many
  public int repeatErasures(Instant erasedBy, Instant now, int most) throws SQLException {
    List<OrderId> repeated =
        transaction
            .ask(
                REPEAT_ERASURES,
                Parameters.none().instant(erasedBy).number(most).instant(now),
                row -> new OrderId(row.getString(1)))
            .rows();
    changes = CommittedChanges.ofStates(repeated);
    return repeated.size();
  }
}
