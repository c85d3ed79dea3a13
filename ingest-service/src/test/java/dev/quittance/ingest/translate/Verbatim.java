package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// Webhooks as they are read from the verbatim topic, at offset 42 of partition 5.
final class Verbatim {

  private Verbatim() {}

  static ConsumerRecord<byte[], byte[]> read(Webhook webhook) {
    var outgoing = VerbatimRecord.of(webhook, null);
    return new ConsumerRecord<>(
        outgoing.topic(),
        5,
        42,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        outgoing.key(),
        outgoing.value(),
        new RecordHeaders(outgoing.headers()),
        Optional.empty());
  }

  static ConsumerRecord<byte[], byte[]> of(
      String endpoint, String eventId, byte[] body, CloudEvent.Origin origin) {
    return read(new Webhook(endpoint, eventId, body, Bodies.RECEIVED_AT, origin, null));
  }

  /// A session of Stripe's that is paid; its line items have to be asked for.
  static ConsumerRecord<byte[], byte[]> session(
      String endpoint, String eventId, String session, CloudEvent.Origin origin) {
    String body =
        """
        {"type": "checkout.session.completed", "data": {"object": {"id": "%s",
         "payment_status": "paid", "amount_total": 100, "currency": "eur"}}}
        """
            .formatted(session);
    return of(endpoint, eventId, body.getBytes(UTF_8), origin);
  }

  /// Where a session's line items are asked for.
  static String lines(String session) {
    return "/v1/checkout/sessions/" + session + "/line_items";
  }

  /// One of them.
  static String line(String id) {
    return "{\"id\": \"%s\", \"amount_total\": 100, \"currency\": \"eur\", \"quantity\": 1}"
        .formatted(id);
  }

  /// What a canonical event says of them.
  static PaymentEvent.ItemsKnown items(ConsumerRecord<byte[], byte[]> event) {
    return WireFormat.read(event.value(), PaymentEvent.ItemsKnown.class);
  }
}
