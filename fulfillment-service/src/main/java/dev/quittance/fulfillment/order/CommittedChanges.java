package dev.quittance.fulfillment.order;

import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a transaction changed about orders, for whoever observes them, once it is committed: the
/// same whatever brought it about (a fact, a command, a refold).
///
/// @param orders those that changed
/// @param paid what came in, of orders that turned out to be paid
/// @param uncounted the orders of refunds that turned out to be in a foreign currency
/// @param duplicates the orders that were held because others, named with them, were paid before
/// @param untilDue of orders that were requested, how long after their webhook
public record CommittedChanges(
    Set<OrderId> orders,
    List<Money> paid,
    List<OrderId> uncounted,
    Map<OrderId, OrderId> duplicates,
    List<Duration> untilDue) {

  public static final CommittedChanges NOTHING = of(Set.of());

  public CommittedChanges {
    orders = Set.copyOf(orders);
    paid = List.copyOf(paid);
    uncounted = List.copyOf(uncounted);
    duplicates = Map.copyOf(duplicates);
    untilDue = List.copyOf(untilDue);
  }

  /// What these orders changed.
  public static CommittedChanges of(Collection<Order> changed) {
    var orders = new TreeSet<OrderId>();
    var paid = new ArrayList<Money>();
    var uncounted = new ArrayList<OrderId>();
    var duplicates = new TreeMap<OrderId, OrderId>();
    var untilDue = new ArrayList<Duration>();
    for (Order order : changed) {
      orders.add(order.id());
      for (Order.Event event : order.events()) {
        if (event.content() instanceof FulfillmentEvent.Paid(var view) && view.received() != null) {
          paid.add(view.received());
        }
        if (event.content() instanceof FulfillmentEvent.Requested && order.receivedAt() != null) {
          untilDue.add(Duration.between(order.receivedAt(), event.at()));
        }
      }
      OrderId first = order.newlyDuplicateOf();
      if (first != null) {
        duplicates.put(order.id(), first);
      }
      uncounted.addAll(Collections.nCopies(order.newlyUncounted(), order.id()));
    }
    return new CommittedChanges(orders, paid, uncounted, duplicates, untilDue);
  }

  /// Only the states of these are to be published.
  public static CommittedChanges ofStates(Collection<OrderId> orders) {
    return new CommittedChanges(Set.copyOf(orders), List.of(), List.of(), Map.of(), List.of());
  }

  /// Reports them, after the commit.
  public void report(OrderObserver observer) {
    untilDue.forEach(observer::due);
    paid.forEach(observer::paid);
    uncounted.forEach(observer::uncounted);
    duplicates.forEach(observer::duplicate);
    observer.committed(orders);
  }
}
