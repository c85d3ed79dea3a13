package dev.quittance.fulfillment.store;

import static java.util.Comparator.comparing;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Takes payment facts in: claims them, locks the orders they concern, folds, and writes what
/// changed. The number of statements doesn't grow with the batch.
public final class PaymentFacts implements BatchWork<IncomingFact> {

  /// What a corrected translation replaces goes, also where it belonged to another order.
  private static final String DELETE_SUPERSEDED =
      """
      DELETE FROM payment_facts AS old
       USING unnest(?::text[], ?::bigint[]) AS fact (source_event, translation)
       WHERE old.source_event = fact.source_event AND old.translation < fact.translation
      RETURNING old.order_id, old.source_event
      """;

  private static final String CLAIM =
      """
      INSERT INTO payment_facts
        (event_id, source_event, order_id, translation, type, occurred_at, recorded_at, received_at, source, origin,
         body_format, data)
      SELECT event_id, source_event, order_id, translation, type, occurred_at::timestamptz, recorded_at::timestamptz,
             received_at::timestamptz, source, origin, body_format, data
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::bytea[])
          AS fact (event_id, source_event, order_id, translation, type, occurred_at, recorded_at, received_at, source,
                   origin, body_format, data)
       WHERE NOT EXISTS (
               SELECT FROM payment_facts AS newer
                WHERE newer.source_event = fact.source_event AND newer.translation > fact.translation)
       ORDER BY event_id
      ON CONFLICT (event_id) DO UPDATE
         SET order_id = excluded.order_id, translation = excluded.translation, type = excluded.type,
             occurred_at = excluded.occurred_at, recorded_at = excluded.recorded_at, received_at = excluded.received_at,
             source = excluded.source, origin = excluded.origin, body_format = excluded.body_format,
             data = excluded.data
       WHERE payment_facts.translation < excluded.translation
      RETURNING event_id
      """;

  private final Clock clock;
  private final StoreObserver observer;
  private final List<Duration> untilDue = new ArrayList<>();
  private final List<Money> paid = new ArrayList<>();
  private final Set<OrderId> changed = new TreeSet<>();
  private int idsReused;

  public PaymentFacts(Clock clock, StoreObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public IncomingFact decode(Incoming record) {
    return IncomingFact.read(record);
  }

  @Override
  public List<Outcome> apply(Connection transaction, List<IncomingFact> events)
      throws SQLException {
    untilDue.clear();
    paid.clear();
    changed.clear();
    idsReused = 0;
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<IncomingFact.Told> candidates = candidates(events);
    if (candidates.isEmpty()) {
      return outcomes(events, Set.of(), Set.of());
    }
    List<Superseded> superseded = deleteSuperseded(transaction, candidates);
    var orders = new TreeSet<OrderId>();
    superseded.forEach(old -> orders.add(old.order()));
    Set<String> claimed = claim(transaction, candidates, now);
    List<IncomingFact.Told> stored =
        candidates.stream().filter(told -> claimed.contains(told.fact().id().value())).toList();
    stored.forEach(told -> orders.add(told.fact().event().about().order()));
    if (!orders.isEmpty()) {
      refold(
          LockedOrders.lockOrCreate(transaction, orders, stored, moved(superseded, candidates)),
          transaction,
          candidates,
          now);
    }
    Set<IncomingFact.Told> reused = ReusedIds.among(transaction, repeated(events, stored));
    idsReused = reused.size();
    return outcomes(events, claimed, reused);
  }

  /// What came under an id that was taken already, be it by an event of the same batch.
  private static List<IncomingFact.Told> repeated(
      List<IncomingFact> events, List<IncomingFact.Told> stored) {
    Set<IncomingFact> first = Collections.newSetFromMap(new IdentityHashMap<>());
    first.addAll(stored);
    return events.stream()
        .filter(event -> !first.contains(event))
        .filter(IncomingFact.Told.class::isInstance)
        .map(IncomingFact.Told.class::cast)
        .toList();
  }

  private void refold(
      Map<OrderId, StoredOrder> orders,
      Connection transaction,
      List<IncomingFact.Told> causes,
      Instant now)
      throws SQLException {
    var receivedAt = new HashMap<OrderId, Instant>();
    for (IncomingFact.Told cause : causes) {
      OrderId id = cause.fact().event().about().order();
      StoredOrder order = orders.get(id);
      if (order != null) {
        order.causedBy(cause.traceparent());
      }
      if (cause.receivedAt() != null) {
        receivedAt.merge(id, cause.receivedAt(), (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    orders.values().forEach(order -> order.refold(now));
    Changes.write(transaction, orders.values());
    changed.addAll(orders.keySet());
    for (StoredOrder order : orders.values()) {
      for (StoredOrder.Happening happening : order.happenings()) {
        if (happening.event() instanceof FulfillmentEvent.Paid(var view)) {
          Money amount = view.amount();
          if (amount != null) {
            paid.add(amount);
          }
        }
      }
      if (order.erasureIsNews()) {
        Erasure.scrub(transaction, order.id());
      }
      Instant received = receivedAt.get(order.id());
      if (received != null
          && order.happenings().stream()
              .anyMatch(happening -> happening.event() instanceof FulfillmentEvent.Requested)) {
        untilDue.add(Duration.between(received, now));
      }
    }
  }

  @Override
  public void committed() {
    untilDue.forEach(observer::due);
    paid.forEach(observer::paid);
    observer.idsReused(idsReused);
    observer.committed(changed);
  }

  /// Each event once, and of each source event only what the highest translation made of it.
  private static List<IncomingFact.Told> candidates(List<IncomingFact> events) {
    var translations = new HashMap<String, Integer>();
    var told = new ArrayList<IncomingFact.Told>();
    for (IncomingFact event : events) {
      if (event instanceof IncomingFact.Told fact) {
        told.add(fact);
        translations.merge(fact.fact().id().sourceEvent(), fact.fact().translation(), Math::max);
      }
    }
    var seen = new HashSet<String>();
    return told.stream()
        .filter(fact ->
            fact.fact().translation()
                == translations.getOrDefault(fact.fact().id().sourceEvent(), 0))
        .filter(fact -> seen.add(fact.fact().id().value()))
        .sorted(comparing(fact -> fact.fact().id()))
        .toList();
  }

  /// Where facts went that a corrected translation took from another order.
  private static List<LockedOrders.Move> moved(
      List<Superseded> superseded, List<IncomingFact.Told> facts) {
    if (superseded.isEmpty()) {
      return List.of();
    }
    var origins = new HashMap<String, Set<OrderId>>();
    superseded.forEach(
        old -> origins.computeIfAbsent(old.sourceEvent(), _ -> new TreeSet<>()).add(old.order()));
    return facts.stream()
        .flatMap(told ->
            origins.getOrDefault(told.fact().id().sourceEvent(), Set.of()).stream()
                .map(from -> new LockedOrders.Move(from, told.fact().event().about().order())))
        .filter(move -> !move.from().equals(move.to()))
        .distinct()
        .toList();
  }

  /// A fact that is gone.
  private record Superseded(OrderId order, String sourceEvent) {}

  private static List<Superseded> deleteSuperseded(
      Connection transaction, List<IncomingFact.Told> facts) throws SQLException {
    var superseded = new ArrayList<Superseded>();
    try (PreparedStatement statement = transaction.prepareStatement(DELETE_SUPERSEDED)) {
      new Columns<>(transaction, statement, facts)
          .text(told -> told.fact().id().sourceEvent())
          .number(told -> (long) told.fact().translation());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          superseded.add(new Superseded(new OrderId(rows.getString(1)), rows.getString(2)));
        }
      }
    }
    return superseded;
  }

  private static Set<String> claim(
      Connection transaction, List<IncomingFact.Told> facts, Instant now) throws SQLException {
    var claimed = new HashSet<String>();
    try (PreparedStatement statement = transaction.prepareStatement(CLAIM)) {
      new Columns<>(transaction, statement, facts)
          .text(told -> told.fact().id())
          .text(told -> told.fact().id().sourceEvent())
          .text(told -> told.fact().event().about().order())
          .number(told -> (long) told.fact().translation())
          .text(told -> told.fact().event().type())
          .text(told -> told.fact().event().about().occurredAt())
          .text(_ -> now)
          .text(IncomingFact.Told::receivedAt)
          .text(IncomingFact.Told::source)
          .text(told -> told.origin().wireName())
          .text(IncomingFact.Told::bodyFormat)
          .bytes(IncomingFact.Told::data);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          claimed.add(rows.getString(1));
        }
      }
    }
    return claimed;
  }

  private static List<Outcome> outcomes(
      List<IncomingFact> events, Set<String> claimed, Set<IncomingFact.Told> reused) {
    var unclaimed = new HashSet<>(claimed);
    return events.stream()
        .<Outcome>map(event ->
            switch (event) {
              case IncomingFact.Foreign() -> new Outcome.Ignored();
              case IncomingFact.Told told when reused.contains(told) ->
                  new Outcome.Dead(
                      DeadLetter.Why.ID_REUSED,
                      "its event id came before, in an event that says something else");
              case IncomingFact.Told told ->
                  unclaimed.remove(told.fact().id().value())
                      ? new Outcome.Applied()
                      : new Outcome.Duplicate();
            })
        .toList();
  }
}
