package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import java.time.Duration;
import java.util.Collection;

/// Hears of what was committed.
public interface OrderObserver {

  /// Something was committed about orders that the outbox may have to publish.
  void committed(Collection<OrderId> orders);

  /// An order is paid.
  ///
  /// @param received what came in, whatever was agreed
  default void paid(Money received) {}

  /// A refund of an order turned out to be in a foreign currency, and counts nowhere.
  default void uncounted(OrderId order) {}

  /// An order was held because another one was paid before under the same reference.
  default void duplicate(OrderId order, OrderId first) {}

  /// Events came under the ids of others and say something else.
  default void idsReused(int events) {}

  /// An order was requested, so long after its webhook was received.
  default void due(Duration sinceReceived) {}
}
