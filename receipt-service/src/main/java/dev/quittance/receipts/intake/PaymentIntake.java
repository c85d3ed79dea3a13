package dev.quittance.receipts.intake;

import static java.util.stream.Collectors.toSet;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.FactClaims;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.persistence.Erasure;
import dev.quittance.receipts.persistence.FactStore;
import dev.quittance.receipts.persistence.KnownReceipts;
import dev.quittance.receipts.persistence.ReceivedFact;
import dev.quittance.receipts.receipt.DirectDispatch;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.ReceiptPolicy;
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
import org.jspecify.annotations.Nullable;

/// Turns payment facts into receipts to be sent; those that can go at once are claimed with that,
/// and go when it is committed. The number of SQL statements doesn't depend on the batch's size.
public final class PaymentIntake implements BatchHandler<IncomingEvent> {

  private final PlanReceipts planning;
  private final DirectDispatch dispatch;

  /// Of the batch in hand.
  private PlanReceipts.Planned planned = PlanReceipts.Planned.NOTHING;

  /// @param dispatch sends what may go
  public PaymentIntake(ReceiptPolicy policy, Clock clock, DirectDispatch dispatch) {
    this.planning = new PlanReceipts(policy, clock);
    this.dispatch = dispatch;
  }

  @Override
  public IncomingEvent decode(IncomingRecord incoming) {
    CloudEvent event = CloudEvent.read(incoming.headers()::get, incoming.value());
    return switch (PaymentMessage.read(event)) {
      case PaymentMessage.Foreign() -> new IncomingEvent.Nothing();
      case PaymentMessage.Withdrawal withdrawal -> new IncomingEvent.Withdrawn(withdrawal);
      case PaymentMessage.Fact(var fact) -> received(fact, event, incoming);
    };
  }

  private static IncomingEvent received(
      PaymentFact fact, CloudEvent event, IncomingRecord incoming) {
    return switch (fact.event()) {
      case PaymentEvent.DisputeUpdated _ ->
          new IncomingEvent.Silent(
              new PaymentMessage.Withdrawal(
                  fact.id().sourceEvent(),
                  fact.translation(),
                  fact.lookUp().asked() ? LookUpState.UNKNOWN : fact.lookUp()));
      case PaymentEvent.Pending _,
          PaymentEvent.Succeeded _,
          PaymentEvent.Reversed _,
          PaymentEvent.AttemptFailed _,
          PaymentEvent.Failed _,
          PaymentEvent.Canceled _,
          PaymentEvent.ItemsKnown _,
          PaymentEvent.RefundUpdated _,
          PaymentEvent.RefundTotalUpdated _ ->
          new IncomingEvent.Said(
              new ReceivedFact(
                  fact,
                  new String(event.data(), StandardCharsets.UTF_8),
                  new Origin(
                      event.traceparent(),
                      ReceivedAt.read(incoming.headers().get(ReceivedAt.HEADER)))));
    };
  }

  @Override
  public List<RecordOutcome> apply(StatementPipeline exchange, List<IncomingEvent> events)
      throws SQLException {
    planned = PlanReceipts.Planned.NOTHING;
    var facts = new ArrayList<ReceivedFact>();
    var messages = new ArrayList<PaymentMessage>();
    for (IncomingEvent received : events) {
      switch (received) {
        case IncomingEvent.Said(var said) -> {
          facts.add(said);
          messages.add(new PaymentMessage.Fact(said.fact()));
        }
        case IncomingEvent.Withdrawn(var withdrawal) -> messages.add(withdrawal);
        case IncomingEvent.Silent(var withdrawal) -> messages.add(withdrawal);
        case IncomingEvent.Nothing() -> {}
      }
    }
    KnownReceipts.@Nullable Asked early = lockedAndAsked(exchange, facts);
    var claims = FactClaims.of(exchange, messages);
    Set<OrderId> changed = FactStore.changed(claims);
    if (!changed.isEmpty()) {
      List<ReceivedFact> fresh =
          facts.stream().filter(received -> claims.takes(received.fact())).toList();
      KnownReceipts.Asked asked =
          early != null && claims.replaced().isEmpty()
              ? early
              : askedAfresh(exchange, claims, changed);
      KnownReceipts known = stored(exchange, fresh, claims, asked);
      planned = planning.plan(exchange, changed, known, origins(facts), dispatch.grant());
    }
    return outcomes(events, claims);
  }

  /// Locks the orders that facts are about and asks what is known of them, before it is known
  /// whether they are news: they nearly always are, and so it takes no question of its own. As long
  /// as an order is locked nobody stores facts of it or takes them away.
  private static KnownReceipts.@Nullable Asked lockedAndAsked(
      StatementPipeline exchange, List<ReceivedFact> facts) throws SQLException {
    if (facts.isEmpty()) {
      return null;
    }
    Set<OrderId> orders = facts.stream().map(ReceivedFact::order).collect(toSet());
    FactStore.lock(exchange, orders);
    return KnownReceipts.ask(exchange, orders);
  }

  /// The same where facts are taken away, which may be of other orders. These are locked late: who
  /// meets somebody with the same provider event there ends in a deadlock, and is repeated.
  private static KnownReceipts.Asked askedAfresh(
      StatementPipeline exchange, FactClaims claims, Set<OrderId> changed) throws SQLException {
    FactStore.lock(exchange, changed);
    claims.deleteReplaced(exchange);
    return KnownReceipts.ask(exchange, changed);
  }

  /// Stores facts, and says what is known then.
  private static KnownReceipts stored(
      StatementPipeline exchange,
      List<ReceivedFact> fresh,
      FactClaims claims,
      KnownReceipts.Asked asked)
      throws SQLException {
    KnownReceipts known = asked.answer();
    Map<OrderId, Instant> following =
        FactStore.following(known.erasures(), fresh, claims.replaced());
    if (following.isEmpty()) {
      FactStore.store(exchange, fresh, known.erased());
      return known.with(fresh);
    }
    var erased = new HashSet<>(known.erased());
    erased.addAll(Erasure.erase(exchange, following));
    FactStore.store(exchange, fresh, erased);
    return KnownReceipts.of(exchange, asked.orders());
  }

  @Override
  public void committed() {
    planned.dispatch(dispatch);
  }

  /// Of several events about one order, the latest: it is what the receipt was waiting for.
  private static Map<OrderId, Origin> origins(Collection<ReceivedFact> facts) {
    var origins = new HashMap<OrderId, Origin>();
    facts.forEach(received -> origins.put(received.order(), received.origin()));
    return origins;
  }

  private static List<RecordOutcome> outcomes(List<IncomingEvent> events, FactClaims claims) {
    return events.stream()
        .<RecordOutcome>map(received ->
            switch (received) {
              case IncomingEvent.Nothing(), IncomingEvent.Silent _ -> new RecordOutcome.Ignored();
              case IncomingEvent.Said(var said) -> news(claims.isNews(said.fact()));
              case IncomingEvent.Withdrawn(var withdrawal) -> news(claims.isNews(withdrawal));
            })
        .toList();
  }

  private static RecordOutcome news(boolean isNews) {
    return isNews ? new RecordOutcome.Applied() : new RecordOutcome.Duplicate();
  }
}
