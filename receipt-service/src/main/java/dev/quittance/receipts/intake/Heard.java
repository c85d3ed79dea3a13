package dev.quittance.receipts.intake;

import dev.quittance.receipts.store.HeardFact;

/// One record, decoded.
public sealed interface Heard {

  /// A payment fact.
  record Said(HeardFact fact) implements Heard {}

  /// None of our business: a dispute, or a type that this version doesn't know.
  record Nothing() implements Heard {}
}
