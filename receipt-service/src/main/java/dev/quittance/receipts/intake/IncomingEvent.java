package dev.quittance.receipts.intake;

import dev.quittance.contracts.PaymentMessage;
import dev.quittance.receipts.persistence.ReceivedFact;

/// One record, decoded.
public sealed interface IncomingEvent {

  /// A payment fact.
  record Said(ReceivedFact fact) implements IncomingEvent {}

  /// What takes facts back, wherever they stand.
  record Withdrawn(PaymentMessage.Withdrawal withdrawal) implements IncomingEvent {}

  /// A fact that concerns no receipt, such as a dispute: all it does here is to take the place of
  /// what a lower translation said.
  record Silent(PaymentMessage.Withdrawal withdrawal) implements IncomingEvent {}

  /// None of our business: no payment event.
  record Nothing() implements IncomingEvent {}
}
