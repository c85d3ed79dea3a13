package dev.quittance.receipts.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.receipt.Origin;

/// A fact with the JSON that it was read from, and what brought it here.
public record ReceivedFact(PaymentFact fact, String json, Origin origin) {

  /// Whose fact it is.
  public OrderId order() {
    return fact.event().about().order();
  }

  @Override
  public String toString() {
    return "HeardFact[" + fact + "]";
  }
}
