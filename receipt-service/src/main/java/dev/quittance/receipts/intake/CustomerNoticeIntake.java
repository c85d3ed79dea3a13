package dev.quittance.receipts.intake;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.CustomerNoticeType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.persistence.CodeRepository;
import dev.quittance.receipts.persistence.Erasure;
import dev.quittance.receipts.persistence.FactStore;
import dev.quittance.receipts.persistence.KnownReceipts;
import dev.quittance.receipts.receipt.DirectDispatch;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes what fulfillment has for customers: codes to be mailed, customers to be forgotten.
/// Whichever of the two comes first about an order, it ends the same.
public final class CustomerNoticeIntake implements BatchHandler<Optional<CustomerNotice>> {

  private final PlanReceipts planning;
  private final DirectDispatch dispatch;

  /// Of the batch in hand.
  private PlanReceipts.Planned planned = PlanReceipts.Planned.NOTHING;

  /// @param dispatch sends what may go
  public CustomerNoticeIntake(ReceiptPolicy policy, Clock clock, DirectDispatch dispatch) {
    this.planning = new PlanReceipts(policy, clock);
    this.dispatch = dispatch;
  }

  /// Nothing for a type that this version doesn't know.
  @Override
  public Optional<CustomerNotice> decode(IncomingRecord incoming) {
    CloudEvent event = CloudEvent.read(incoming.headers()::get, incoming.value());
    return CustomerNoticeType.named(event.type())
        .map(type -> {
          CustomerNotice notice = event.data(type.shape());
          if (!event.subject().equals(notice.order())) {
            throw new UnreadableEvent("the data is not about ce_subject");
          }
          return notice;
        });
  }

  @Override
  public List<RecordOutcome> apply(
      StatementPipeline exchange, List<Optional<CustomerNotice>> events) throws SQLException {
    planned = PlanReceipts.Planned.NOTHING;
    var orders = new LinkedHashSet<OrderId>();
    events.forEach(event -> event.map(CustomerNotice::order).ifPresent(orders::add));
    if (orders.isEmpty()) {
      return events.stream().<RecordOutcome>map(_ -> new RecordOutcome.Ignored()).toList();
    }
    FactStore.lock(exchange, orders);
    var changed = new HashSet<OrderId>(Erasure.erase(exchange, erasures(events)));
    Set<OrderId> erased = new HashSet<>(changed);
    Set<String> fresh = CodeRepository.claim(exchange, deliveries(events));
    List<RecordOutcome> outcomes = outcomes(events, erased, fresh, changed);
    if (!changed.isEmpty()) {
      planned =
          planning.plan(
              exchange, changed, KnownReceipts.of(exchange, changed), Map.of(), Grant.NONE);
    }
    return outcomes;
  }

  private static Map<OrderId, Instant> erasures(List<Optional<CustomerNotice>> events) {
    var erasures = new HashMap<OrderId, Instant>();
    for (Optional<CustomerNotice> event : events) {
      if (event.orElse(null) instanceof CustomerNotice.CustomerErased(var order, var at)) {
        erasures.merge(order, at, (one, other) -> one.isBefore(other) ? one : other);
      }
    }
    return erasures;
  }

  private static List<CustomerNotice.CodeDelivered> deliveries(
      List<Optional<CustomerNotice>> events) {
    var deliveries = new ArrayList<CustomerNotice.CodeDelivered>();
    for (Optional<CustomerNotice> event : events) {
      if (event.orElse(null) instanceof CustomerNotice.CodeDelivered delivered) {
        deliveries.add(delivered);
      }
    }
    return deliveries;
  }

  private static List<RecordOutcome> outcomes(
      List<Optional<CustomerNotice>> events,
      Set<OrderId> erased,
      Set<String> fresh,
      Set<OrderId> changed) {
    var outcomes = new ArrayList<RecordOutcome>();
    for (Optional<CustomerNotice> event : events) {
      outcomes.add(
          switch (event.orElse(null)) {
            case null -> new RecordOutcome.Ignored();
            case CustomerNotice.CustomerErased(var order, _) -> known(!erased.remove(order));
            case CustomerNotice.CodeDelivered delivered -> {
              boolean isNew = fresh.remove(CodeRepository.mail(delivered).id());
              if (isNew) {
                changed.add(delivered.order());
              }
              yield known(!isNew);
            }
          });
    }
    return outcomes;
  }

  private static RecordOutcome known(boolean known) {
    return known ? new RecordOutcome.Duplicate() : new RecordOutcome.Applied();
  }

  @Override
  public void committed() {
    planned.dispatch(dispatch);
  }
}
