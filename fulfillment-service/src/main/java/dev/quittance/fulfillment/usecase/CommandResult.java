package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.Refusal;

/// What became of a command that was given directly.
public sealed interface CommandResult {

  /// The order took it.
  ///
  /// @param order as it is with it
  record Taken(AcceptedCommand command, OrderView order) implements CommandResult {}

  /// The order can't take it; nothing changed.
  record Refused(Refusal refusal) implements CommandResult {}

  /// There is no such order.
  record NoSuchOrder() implements CommandResult {}

  /// The key was used for another request to this order.
  record KeyReused() implements CommandResult {}
}
