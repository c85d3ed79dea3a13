package dev.quittance.fulfillment.store;

import static java.util.Comparator.comparing;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.FactClaims;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Takes payment facts in: claims them, locks the orders they concern, folds, and writes what
/// changed. The number of statements doesn't grow with the batch.
public final class PaymentFacts implements BatchWork<IncomingFact> {

  private static final String STORE =
      """
      INSERT INTO payment_facts
        (event_id, source_event, order_id, translation, lookup, type, occurred_at, recorded_at, received_at, source, origin,
         body_format, data)
      SELECT event_id, source_event, order_id, translation, lookup, type, occurred_at::timestamptz, recorded_at::timestamptz,
             received_at::timestamptz, source, origin, body_format, data
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::bytea[])
          AS fact (event_id, source_event, order_id, translation, lookup, type, occurred_at, recorded_at, received_at,
                   source, origin, body_format, data)
       ORDER BY event_id
      """;

  private final Clock clock;
  private final StoreObserver observer;
  private final List<Duration> untilDue = new ArrayList<>();
  private Committed written = Committed.NOTHING;
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
  public List<Outcome> apply(Exchange exchange, List<IncomingFact> events) throws SQLException {
    untilDue.clear();
    written = Committed.NOTHING;
    idsReused = 0;
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var told = new ArrayList<IncomingFact.Told>();
    var withdrawn = new ArrayList<IncomingFact.Withdrawn>();
    var messages = new ArrayList<PaymentMessage>();
    for (IncomingFact event : events) {
      switch (event) {
        case IncomingFact.Told fact -> {
          told.add(fact);
          messages.add(new PaymentMessage.Fact(fact.fact()));
        }
        case IncomingFact.Withdrawn withdrawal -> {
          withdrawn.add(withdrawal);
          messages.add(withdrawal.withdrawal());
        }
        case IncomingFact.Foreign() -> {}
      }
    }
    var claims = FactClaims.of(exchange, messages);
    List<IncomingFact.Told> stored =
        told.stream()
            .filter(fact -> claims.takes(fact.fact()))
            .sorted(comparing(fact -> fact.fact().id()))
            .toList();
    var orders = new TreeSet<OrderId>();
    claims.replaced().forEach(old -> orders.add(old.order()));
    stored.forEach(fact -> orders.add(fact.fact().event().about().order()));
    if (!orders.isEmpty()) {
      Map<OrderId, StoredOrder> locked =
          LockedOrders.lockOrCreate(
              exchange, orders, claims, stored, moved(claims.replaced(), stored));
      causedByWithdrawals(locked, claims, withdrawn);
      store(exchange, stored, now);
      refold(locked, exchange, told, now);
    }
    // what comes under an id that is taken, be it by an event of the same batch
    Set<IncomingFact.Told> reused =
        ReusedIds.among(
            exchange, told.stream().filter(event -> !claims.isNews(event.fact())).toList());
    idsReused = reused.size();
    return outcomes(events, claims, reused);
  }

  /// An order that facts were taken from goes on in the trace of what took them.
  private static void causedByWithdrawals(
      Map<OrderId, StoredOrder> orders,
      FactClaims claims,
      List<IncomingFact.Withdrawn> withdrawals) {
    for (IncomingFact.Withdrawn withdrawal : withdrawals) {
      for (FactClaims.Stored old : claims.replaced()) {
        StoredOrder order = orders.get(old.order());
        if (order != null && old.sourceEvent().equals(withdrawal.withdrawal().sourceEvent())) {
          order.causedBy(withdrawal.traceparent());
        }
      }
    }
  }

  private void refold(
      Map<OrderId, StoredOrder> orders,
      Exchange exchange,
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
    written = Changes.write(exchange, orders.values());
    for (StoredOrder order : orders.values()) {
      if (order.erasureIsNews()) {
        Erasure.scrub(exchange, order.id());
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
    observer.idsReused(idsReused);
    written.report(observer);
  }

  /// Where facts went that a corrected translation took from another order.
  private static List<LockedOrders.Move> moved(
      List<FactClaims.Stored> superseded, List<IncomingFact.Told> facts) {
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

  private static void store(Exchange exchange, List<IncomingFact.Told> facts, Instant now)
      throws SQLException {
    if (!facts.isEmpty()) {
      exchange.write(
          STORE,
          Parameters.none()
              .rows(facts)
              .text(told -> told.fact().id())
              .text(told -> told.fact().id().sourceEvent())
              .text(told -> told.fact().event().about().order())
              .longs(told -> told.fact().translation())
              .text(told -> told.fact().lookUp().wireName())
              .text(told -> told.fact().event().type())
              .text(told -> told.fact().event().about().occurredAt())
              .text(_ -> now)
              .text(IncomingFact.Told::receivedAt)
              .text(IncomingFact.Told::source)
              .text(told -> told.origin().wireName())
              .text(IncomingFact.Told::bodyFormat)
              .bytes(IncomingFact.Told::data)
              .end());
    }
  }

  private static List<Outcome> outcomes(
      List<IncomingFact> events, FactClaims claims, Set<IncomingFact.Told> reused) {
    return events.stream()
        .<Outcome>map(event ->
            switch (event) {
              case IncomingFact.Foreign() -> new Outcome.Ignored();
              case IncomingFact.Told told when reused.contains(told) ->
                  new Outcome.Dead(
                      DeadLetter.Why.ID_REUSED,
                      "its event id came before, in an event that says something else");
              case IncomingFact.Told told -> news(claims.isNews(told.fact()));
              case IncomingFact.Withdrawn(var withdrawal, _) -> news(claims.isNews(withdrawal));
            })
        .toList();
  }

  private static Outcome news(boolean isNews) {
    return isNews ? new Outcome.Applied() : new Outcome.Duplicate();
  }
}
