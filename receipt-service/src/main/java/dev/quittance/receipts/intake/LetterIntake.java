package dev.quittance.receipts.intake;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.LetterEventType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.store.Codes;
import dev.quittance.receipts.store.Erasure;
import dev.quittance.receipts.store.Facts;
import dev.quittance.receipts.store.Known;
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

/// Takes what fulfillment tells the letter writer: codes to be mailed, customers to be forgotten.
/// Whichever of the two comes first about an order, it ends the same.
public final class LetterIntake implements BatchWork<Optional<LetterEvent>> {

  private final OrderPlanner planner;
  private final Runnable mailRoom;

  /// @param mailRoom is run when there may be new work for it
  public LetterIntake(ReceiptPolicy policy, Clock clock, Runnable mailRoom) {
    this.planner = new OrderPlanner(policy, clock);
    this.mailRoom = mailRoom;
  }

  /// Nothing for a type that this version doesn't know.
  @Override
  public Optional<LetterEvent> decode(Incoming incoming) {
    CloudEvent event = CloudEvent.read(incoming.headers()::get, incoming.value());
    return LetterEventType.named(event.type())
        .map(type -> {
          LetterEvent letter = event.data(type.shape());
          if (!event.subject().equals(letter.order())) {
            throw new UnreadableEvent("the data is not about ce_subject");
          }
          return letter;
        });
  }

  @Override
  public List<Outcome> apply(Exchange exchange, List<Optional<LetterEvent>> events)
      throws SQLException {
    var orders = new LinkedHashSet<OrderId>();
    events.forEach(event -> event.map(LetterEvent::order).ifPresent(orders::add));
    if (orders.isEmpty()) {
      return events.stream().<Outcome>map(_ -> new Outcome.Ignored()).toList();
    }
    Facts.lock(exchange, orders);
    var changed = new HashSet<OrderId>(Erasure.erase(exchange, erasures(events)));
    Set<OrderId> erased = new HashSet<>(changed);
    Set<String> fresh = Codes.claim(exchange, deliveries(events));
    List<Outcome> outcomes = outcomes(events, erased, fresh, changed);
    if (!changed.isEmpty()) {
      planner.plan(exchange, changed, Known.of(exchange, changed), Map.of());
    }
    return outcomes;
  }

  private static Map<OrderId, Instant> erasures(List<Optional<LetterEvent>> events) {
    var erasures = new HashMap<OrderId, Instant>();
    for (Optional<LetterEvent> event : events) {
      if (event.orElse(null) instanceof LetterEvent.CustomerErased(var order, var at)) {
        erasures.merge(order, at, (one, other) -> one.isBefore(other) ? one : other);
      }
    }
    return erasures;
  }

  private static List<LetterEvent.CodeDelivered> deliveries(List<Optional<LetterEvent>> events) {
    var deliveries = new ArrayList<LetterEvent.CodeDelivered>();
    for (Optional<LetterEvent> event : events) {
      if (event.orElse(null) instanceof LetterEvent.CodeDelivered delivered) {
        deliveries.add(delivered);
      }
    }
    return deliveries;
  }

  private static List<Outcome> outcomes(
      List<Optional<LetterEvent>> events,
      Set<OrderId> erased,
      Set<String> fresh,
      Set<OrderId> changed) {
    var outcomes = new ArrayList<Outcome>();
    for (Optional<LetterEvent> event : events) {
      outcomes.add(
          switch (event.orElse(null)) {
            case null -> new Outcome.Ignored();
            case LetterEvent.CustomerErased(var order, _) -> known(!erased.remove(order));
            case LetterEvent.CodeDelivered delivered -> {
              boolean news = fresh.remove(Codes.letter(delivered).id());
              if (news) {
                changed.add(delivered.order());
              }
              yield known(!news);
            }
          });
    }
    return outcomes;
  }

  private static Outcome known(boolean known) {
    return known ? new Outcome.Duplicate() : new Outcome.Applied();
  }

  @Override
  public void committed() {
    mailRoom.run();
  }
}
