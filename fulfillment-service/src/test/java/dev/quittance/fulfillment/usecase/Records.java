package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentWithdrawn;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.messaging.inbox.IncomingRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Records as they stand on the topics.
public final class Records {

  private Records() {}

  public static CloudEvent event(PaymentFact fact) {
    var about = fact.event().about();
    return new CloudEvent(
        fact.id(),
        "/quittance/ingest",
        fact.event().type(),
        about.order(),
        about.occurredAt(),
        CloudEvent.Origin.WEBHOOK,
        fact.translation(),
        fact.lookUp(),
        null,
        null,
        WireFormat.write(fact.event()));
  }

  static CloudEvent withdrawal(String providerEvent, int translation, LookUpState lookUp) {
    var withdrawn =
        new PaymentWithdrawn(
            "stripe", "stripe", "stripe", providerEvent, null, Reason.of("other_mode"));
    return new CloudEvent(
        withdrawn.id(),
        "/quittance/ingest",
        PaymentWithdrawn.TYPE,
        withdrawn.subject(),
        Facts.START,
        CloudEvent.Origin.REPLAYED,
        translation,
        lookUp,
        null,
        null,
        WireFormat.write(withdrawn));
  }

  public static CloudEvent event(OrderId order, String id, FulfillmentCommand command) {
    return new CloudEvent(
        new EventId(id),
        "/shop/shipping",
        command.type(),
        order,
        Facts.START,
        CloudEvent.Origin.WEBHOOK,
        0,
        null,
        null,
        WireFormat.write(command));
  }

  static IncomingRecord record(Topic topic, long offset, CloudEvent event) {
    Map<String, byte[]> headers = new HashMap<>();
    event
        .headers()
        .forEach((name, value) -> headers.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return new IncomingRecord(
        topic.topicName(),
        0,
        offset,
        event.subject().value().getBytes(StandardCharsets.UTF_8),
        headers,
        event.data());
  }
}
