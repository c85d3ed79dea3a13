package dev.quittance.receipts.intake;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.FactClaims;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.store.Erasure;
import dev.quittance.receipts.store.Facts;
import dev.quittance.receipts.store.HeardFact;
import dev.quittance.receipts.store.Known;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
    return switch (PaymentMessage.read(event)) {
      case PaymentMessage.Foreign() -> new Heard.Nothing();
      case PaymentMessage.Withdrawal withdrawal -> new Heard.Withdrawn(withdrawal);
      case PaymentMessage.Fact(var fact) -> heard(fact, event, incoming);
    };
  }

  private static Heard heard(PaymentFact fact, CloudEvent event, Incoming incoming) {
    return switch (fact.event()) {
      case PaymentEvent.DisputeUpdated _ ->
          new Heard.Silent(
              new PaymentMessage.Withdrawal(
                  fact.id().sourceEvent(),
                  fact.translation(),
                  fact.lookUp().asked() ? LookUpState.UNKNOWN : fact.lookUp()));
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
  public List<Outcome> apply(Exchange exchange, List<Heard> events) throws SQLException {
    var facts = new ArrayList<HeardFact>();
    var messages = new ArrayList<PaymentMessage>();
    for (Heard heard : events) {
      switch (heard) {
        case Heard.Said(var said) -> {
          facts.add(said);
          messages.add(new PaymentMessage.Fact(said.fact()));
        }
        case Heard.Withdrawn(var withdrawal) -> messages.add(withdrawal);
        case Heard.Silent(var withdrawal) -> messages.add(withdrawal);
        case Heard.Nothing() -> {}
      }
    }
    var claims = FactClaims.of(exchange, messages);
    Set<OrderId> changed = Facts.changed(claims);
    if (!changed.isEmpty()) {
      Facts.lock(exchange, changed);
      claims.deleteReplaced(exchange);
      List<HeardFact> fresh = facts.stream().filter(heard -> claims.takes(heard.fact())).toList();
      Known known = stored(exchange, fresh, claims, changed);
      planner.plan(exchange, changed, known, origins(facts));
    }
    return outcomes(events, claims);
  }

  /// Stores facts, and says what is known then.
  private static Known stored(
      Exchange exchange, List<HeardFact> fresh, FactClaims claims, Set<OrderId> orders)
      throws SQLException {
    var known = Known.of(exchange, orders);
    Map<OrderId, Instant> following = Facts.following(known.erasures(), fresh, claims.replaced());
    if (following.isEmpty()) {
      Facts.store(exchange, fresh, known.erased());
      return known.with(fresh);
    }
    var erased = new HashSet<>(known.erased());
    erased.addAll(Erasure.erase(exchange, following));
    Facts.store(exchange, fresh, erased);
    return Known.of(exchange, orders);
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

  private static List<Outcome> outcomes(List<Heard> events, FactClaims claims) {
    return events.stream()
        .<Outcome>map(heard ->
            switch (heard) {
              case Heard.Nothing(), Heard.Silent _ -> new Outcome.Ignored();
              case Heard.Said(var said) -> news(claims.isNews(said.fact()));
              case Heard.Withdrawn(var withdrawal) -> news(claims.isNews(withdrawal));
            })
        .toList();
  }

  private static Outcome news(boolean isNews) {
    return isNews ? new Outcome.Applied() : new Outcome.Duplicate();
  }
}
