package dev.quittance.fulfillment.store;

import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a transaction wrote of orders, for whoever observes the store, once it is committed: the
/// same whatever brought it about (a fact, a command, a refold).
///
/// @param orders those that changed
/// @param paid what came in, of orders that turned out to be paid
/// @param uncounted the orders of refunds that turned out to be in a foreign currency
record Committed(Set<OrderId> orders, List<Money> paid, List<OrderId> uncounted) {

  static final Committed NOTHING = new Committed(Set.of(), List.of(), List.of());

  Committed {
    orders = Set.copyOf(orders);
    paid = List.copyOf(paid);
    uncounted = List.copyOf(uncounted);
  }

  static Committed of(Collection<StoredOrder> written) {
    var orders = new TreeSet<OrderId>();
    var paid = new ArrayList<Money>();
    var uncounted = new ArrayList<OrderId>();
    for (StoredOrder order : written) {
      orders.add(order.id());
      for (StoredOrder.Happening happening : order.happenings()) {
        if (happening.event() instanceof FulfillmentEvent.Paid(var view)
            && view.received() != null) {
          paid.add(view.received());
        }
      }
      uncounted.addAll(Collections.nCopies(order.newlyUncounted(), order.id()));
    }
    return new Committed(orders, paid, uncounted);
  }

  void report(StoreObserver observer) {
    paid.forEach(observer::paid);
    uncounted.forEach(observer::uncounted);
    observer.committed(orders);
  }
}
