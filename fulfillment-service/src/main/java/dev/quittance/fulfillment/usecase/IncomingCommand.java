package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.fulfillment.order.CommandLimits;
import dev.quittance.messaging.inbox.IncomingRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What came in on the commands' topic.
public sealed interface IncomingCommand {

  /// A command to an order.
  record Asked(
      OrderId order,
      EventId id,
      String source,
      @Nullable String traceparent,
      FulfillmentCommand command)
      implements IncomingCommand {}

  /// Something that this version doesn't know and need not.
  record Foreign() implements IncomingCommand {}

  /// @throws UnreadableEvent when it can't be read
  static IncomingCommand read(IncomingRecord record) {
    CloudEvent event = CloudEvent.read(record.headers()::get, record.value());
    Optional<FulfillmentCommandType> type = FulfillmentCommandType.named(event.type());
    if (type.isEmpty()) {
      return new Foreign();
    }
    FulfillmentCommand command = event.data(type.get().shape());
    CommandLimits.exceededBy(command)
        .ifPresent(limit -> {
          throw new UnreadableEvent(limit);
        });
    return new Asked(
        event.subject(), event.id(), foreign(event.source()), event.traceparent(), command);
  }

  /// Our own doors write no commands to the topic: whoever claims to be one of them there is not
  /// shown by a person's name.
  private static String foreign(String source) {
    return source.startsWith("/quittance/") ? "topic:" + source : source;
  }
}
