package dev.quittance.fulfillment.order;

/// Whether an order takes a command.
public sealed interface Decision {

  /// It does.
  record Accepted() implements Decision {}

  /// It doesn't, and nothing changes.
  record Refused(Refusal refusal) implements Decision {}
}
