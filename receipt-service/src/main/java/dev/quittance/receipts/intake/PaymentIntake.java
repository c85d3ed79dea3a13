package dev.quittance.receipts.intake;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.store.Facts;
import dev.quittance.receipts.store.HeardFact;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns payment facts into receipts to be sent. The number of SQL statements doesn't depend on the
/// batch's size.
public final class PaymentIntake implements BatchWork<Heard> {

  private final OrderPlanner planner;
  private final Runnable mailRoom;

  /// @param mailRoom is run when there may be new work for it
  public PaymentIntake(ReceiptPolicy policy, Clock clock, Runnable mailRoom) {
    this.planner = new OrderPlanner(policy, clock);
    this.mailRoom = mailRoom;
  }

  @Override
  public Heard decode(Incoming incoming) {
    CloudEvent event = CloudEvent.read(incoming.headers()::get, incoming.value());
    if (PaymentEventType.named(event.type()).isEmpty()) {
      return new Heard.Nothing();
    }
    PaymentFact fact = PaymentFact.read(event);
    return switch (fact.event()) {
      case PaymentEvent.DisputeUpdated _ -> new Heard.Nothing();
      case PaymentEvent.Pending _,
          PaymentEvent.Succeeded _,
          PaymentEvent.AttemptFailed _,
          PaymentEvent.Failed _,
          PaymentEvent.Canceled _,
          PaymentEvent.ItemsKnown _,
          PaymentEvent.RefundUpdated _,
          PaymentEvent.RefundTotalUpdated _ ->
          new Heard.Said(
              new HeardFact(
                  fact,
                  new String(event.data(), StandardCharsets.UTF_8),
                  new Origin(
                      event.traceparent(),
                      ReceivedAt.read(incoming.headers().get(ReceivedAt.HEADER)))));
    };
  }

  @Override
  public List<Outcome> apply(Connection transaction, List<Heard> events) throws SQLException {
    Map<EventId, HeardFact> facts = latest(events);
    if (facts.isEmpty()) {
      return events.stream().<Outcome>map(_ -> new Outcome.Ignored()).toList();
    }
    Facts.Claimed claimed = Facts.claim(transaction, facts.values());
    if (!claimed.orders().isEmpty()) {
      planner.plan(transaction, claimed.orders(), origins(facts.values()));
    }
    return outcomes(events, facts, new HashSet<>(claimed.fresh()));
  }

  @Override
  public void committed() {
    mailRoom.run();
  }

  /// Of several events about one order, the latest: it is what the receipt was waiting for.
  private static Map<OrderId, Origin> origins(Collection<HeardFact> facts) {
    var origins = new HashMap<OrderId, Origin>();
    facts.forEach(heard -> origins.put(heard.order(), heard.origin()));
    return origins;
  }

  /// Each event once, and of one provider event only what its latest translation made of it.
  private static Map<EventId, HeardFact> latest(List<Heard> events) {
    var translations = new HashMap<String, Integer>();
    for (Heard heard : events) {
      if (heard instanceof Heard.Said(var said)) {
        translations.merge(said.fact().id().sourceEvent(), said.fact().translation(), Integer::max);
      }
    }
    var latest = new LinkedHashMap<EventId, HeardFact>();
    for (Heard heard : events) {
      if (heard instanceof Heard.Said(var said)
          && said.fact().translation()
              == translations.getOrDefault(said.fact().id().sourceEvent(), 0)) {
        latest.putIfAbsent(said.fact().id(), said);
      }
    }
    return latest;
  }

  private static List<Outcome> outcomes(
      List<Heard> events, Map<EventId, HeardFact> facts, Set<EventId> fresh) {
    return events.stream().map(heard -> outcome(heard, facts, fresh)).toList();
  }

  private static Outcome outcome(Heard heard, Map<EventId, HeardFact> facts, Set<EventId> fresh) {
    return switch (heard) {
      case Heard.Nothing() -> new Outcome.Ignored();
      case Heard.Said(var said) -> {
        EventId id = said.fact().id();
        boolean applied = said.equals(facts.get(id)) && fresh.remove(id);
        yield applied ? new Outcome.Applied() : new Outcome.Duplicate();
      }
    };
  }
}
