package dev.quittance.fulfillment.usecase;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toCollection;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.fulfillment.order.CommittedChanges;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.ReusedIds;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.FactClaims;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What happens to payment facts: they are claimed, the orders that they concern are locked and
/// folded, and what changed is saved together with the events that say so.
@Singleton
public final class HandlePaymentFacts implements BatchHandler<ReceivedMessage> {

  private final Clock clock;
  private final OrderObserver observer;
  private CommittedChanges changes = CommittedChanges.NOTHING;
  private int idsReused;

  public HandlePaymentFacts(Clock clock, OrderObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public ReceivedMessage decode(IncomingRecord record) {
    return ReceivedMessage.read(record.headers()::get, record.value());
  }

  @Override
  public List<RecordOutcome> apply(StatementPipeline transaction, List<ReceivedMessage> messages)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var orders = new OrderRepository(transaction);
    List<ReceivedMessage> facts = messages.stream().filter(ReceivedMessage::isFact).toList();

    var asked =
        FactClaims.ask(transaction, messages.stream().map(ReceivedMessage::message).toList());
    // known by now but for the orders that a correction takes facts from
    OrderRepository.Asked named =
        orders.ask(facts.stream().map(ReceivedMessage::order).collect(toCollection(TreeSet::new)));
    FactClaims claims = asked.decide();
    List<ReceivedMessage> fresh =
        facts.stream()
            .filter(received -> claims.takes(received.fact()))
            .sorted(comparing(received -> received.fact().id()))
            .toList();
    Set<OrderId> concerned = concerned(claims, fresh);
    if (!concerned.isEmpty()) {
      Map<OrderId, Order> locked = orders.loadOrCreate(concerned, named, claims);
      add(fresh, claims, locked);
      nameCauses(messages, claims, locked);
      orders.refold(locked.values(), now);
      orders.insertFacts(fresh, now);
      orders.save(locked.values());
    }
    changes = orders.changes();

    // what comes under an id that is taken, be it by an event of the same batch
    Set<ReceivedMessage> reused =
        ReusedIds.among(
            transaction,
            facts.stream().filter(received -> !claims.isNews(received.fact())).toList());
    idsReused = reused.size();
    return messages.stream().map(received -> outcome(received, claims, reused)).toList();
  }

  @Override
  public void committed() {
    observer.idsReused(idsReused);
    changes.report(observer);
  }

  private static Set<OrderId> concerned(FactClaims claims, List<ReceivedMessage> fresh) {
    var orders = new TreeSet<OrderId>();
    claims.replaced().forEach(old -> orders.add(old.order()));
    fresh.forEach(received -> orders.add(received.order()));
    return orders;
  }

  /// Adds the facts to their orders. Where a corrected translation takes facts from another order
  /// whose customer was erased, they stay without them.
  private static void add(
      List<ReceivedMessage> fresh, FactClaims claims, Map<OrderId, Order> orders) {
    for (ReceivedMessage received : fresh) {
      Order order = requireNonNull(orders.get(received.order()));
      claims.replaced().stream()
          .filter(old -> old.sourceEvent().equals(received.fact().id().sourceEvent()))
          .forEach(old -> order.followErasure(requireNonNull(orders.get(old.order()))));
      order.addFact(received.fact(), received.event().data());
    }
  }

  /// An order that facts came to, or were taken from, goes on in the trace of what did so: of a
  /// fact, where there were both.
  private static void nameCauses(
      List<ReceivedMessage> messages, FactClaims claims, Map<OrderId, Order> orders) {
    for (ReceivedMessage received : messages) {
      if (received.message() instanceof PaymentMessage.Withdrawal(var sourceEvent, _, _)) {
        String trace = received.event().traceparent();
        claims.replaced().stream()
            .filter(old -> old.sourceEvent().equals(sourceEvent))
            .forEach(old -> requireNonNull(orders.get(old.order())).causedBy(trace, null));
      }
    }
    for (ReceivedMessage received : messages) {
      if (received.isFact()) {
        Optional.ofNullable(orders.get(received.order()))
            .ifPresent(
                order -> order.causedBy(received.event().traceparent(), received.receivedAt()));
      }
    }
  }

  private static RecordOutcome outcome(
      ReceivedMessage received, FactClaims claims, Set<ReceivedMessage> reused) {
    if (reused.contains(received)) {
      return new RecordOutcome.Dead(
          DeadLetter.Why.ID_REUSED,
          "its event id came before, in an event that says something else");
    }
    return switch (received.message()) {
      case PaymentMessage.Foreign() -> new RecordOutcome.Ignored();
      case PaymentMessage.Fact(var fact) -> news(claims.isNews(fact));
      case PaymentMessage.Withdrawal withdrawal -> news(claims.isNews(withdrawal));
    };
  }

  private static RecordOutcome news(boolean isNews) {
    return isNews ? new RecordOutcome.Applied() : new RecordOutcome.Duplicate();
  }
}
