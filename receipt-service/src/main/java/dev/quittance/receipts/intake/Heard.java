package dev.quittance.receipts.intake;

import dev.quittance.contracts.PaymentMessage;
import dev.quittance.receipts.store.HeardFact;

/// One record, decoded.
public sealed interface Heard {

  /// A payment fact.
  record Said(HeardFact fact) implements Heard {}

  /// What takes facts back, wherever they stand.
  record Withdrawn(PaymentMessage.Withdrawal withdrawal) implements Heard {}

  /// A fact that concerns no receipt, such as a dispute: all it does here is to take the place of
  /// what a lower translation said.
  record Silent(PaymentMessage.Withdrawal withdrawal) implements Heard {}

  /// None of our business: no payment event.
  record Nothing() implements Heard {}
}
