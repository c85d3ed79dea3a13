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
  default void paid(Money amount) {}

  /// Events came under the ids of others and say something else.
  default void idsReused(int events) {}

  /// An order was requested, so long after its webhook was received.
  void due(Duration sinceReceived);
}
