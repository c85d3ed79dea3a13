package dev.quittance.receipts.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;

/// A fact with the JSON that it was read from.
public record HeardFact(PaymentFact fact, String json) {

  OrderId order() {
    return fact.event().about().order();
  }

  String source() {
    return fact.id().sourceEvent();
  }

  @Override
  public String toString() {
    return "HeardFact[" + fact + "]";
  }
}
