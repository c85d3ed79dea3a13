package dev.quittance.fulfillment.order;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import java.time.Instant;

/// A command that its order took.
///
/// @param number its place among the order's commands, from 1
/// @param id the command's own id; the same at every repetition
/// @param source who asked
/// @param acceptedAt by our clock
public record AcceptedCommand(
    long number, EventId id, String source, Instant acceptedAt, FulfillmentCommand command) {

  /// Without the command's content, which may be a delivered key.
  @Override
  public String toString() {
    return "AcceptedCommand[" + number + ", " + id + ", " + command.type() + "]";
  }
}
