package dev.quittance.fulfillment.order;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A command that its order took.
///
/// @param number its place among the order's commands, from 1
/// @param id the command's own id; the same at every repetition
/// @param source who asked
/// @param acceptedAt by our clock
/// @param duplicateOf the order that was paid before under the same reference, where the system
///   holds this one for that, or ends such a hold; absent from everybody else's commands
public record AcceptedCommand(
    long number,
    EventId id,
    String source,
    Instant acceptedAt,
    FulfillmentCommand command,
    @Nullable OrderId duplicateOf) {

  /// A command that somebody gave.
  public AcceptedCommand(
      long number, EventId id, String source, Instant acceptedAt, FulfillmentCommand command) {
    this(number, id, source, acceptedAt, command, null);
  }

  /// Without the command's content, which may be a delivered key.
  @Override
  public String toString() {
    return "AcceptedCommand[" + number + ", " + id + ", " + command.type() + "]";
  }
}
