package dev.quittance.fulfillment.store;

import dev.quittance.contracts.Money;
import java.time.Duration;

/// Hears of what was committed.
public interface StoreObserver {

  /// Something was committed that the outbox may hold.
  void committed();

  /// An order is paid.
  default void paid(Money amount) {}

  /// An order was requested, so long after its webhook was received.
  void due(Duration sinceReceived);
}
