package dev.quittance.fulfillment.store;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import java.time.Duration;
import java.util.Collection;

/// Hears of what was committed.
public interface StoreObserver {

  /// Something was committed about orders that the outbox may have to tell.
  void committed(Collection<OrderId> orders);

  /// An order is paid.
  ///
  /// @param received what came in, whatever was agreed
  default void paid(Money received) {}

  /// A refund of an order turned out to be in a foreign currency, and counts nowhere.
  default void uncounted(OrderId order) {}

  /// Events came under the ids of others and say something else.
  default void idsReused(int events) {}

  /// An order was requested, so long after its webhook was received.
  void due(Duration sinceReceived);
}
