package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.messaging.jdbc.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.Immutable;

/// A payment fact as it is stored. Written only by [OrderRepository], many at a time.
@Entity
@Immutable
@Table(name = "payment_facts")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class FactRow {

  static final String OF_ORDERS =
      """
      SELECT order_id, event_id, translation, lookup, type, data
        FROM payment_facts WHERE order_id IN (SELECT id FROM orders WHERE id IN (SELECT unnest(?::text[])))
      """;

  static final String INSERT =
      """
      INSERT INTO payment_facts
        (event_id, source_event, order_id, translation, lookup, type, occurred_at, recorded_at, received_at, source, origin,
         body_format, data)
      SELECT event_id, source_event, order_id, translation, lookup, type, occurred_at::timestamptz, recorded_at::timestamptz,
             received_at::timestamptz, source, origin, body_format, data
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::bytea[])
          AS fact (event_id, source_event, order_id, translation, lookup, type, occurred_at, recorded_at, received_at,
                   source, origin, body_format, data)
       ORDER BY event_id
      """;

  static final String ERASE =
      """
      UPDATE payment_facts SET data = clean.data, body_format = NULL
        FROM unnest(?::text[], ?::bytea[]) AS clean (event_id, data)
       WHERE payment_facts.event_id = clean.event_id
      """;

  @Id
  @Column(name = "event_id")
  String eventId;

  @Column(name = "source_event")
  String sourceEvent;

  @Column(name = "order_id")
  String orderId;

  int translation;

  String lookup;

  String type;

  @Column(name = "occurred_at")
  Instant occurredAt;

  @Column(name = "received_at")
  Instant receivedAt;

  @Column(name = "recorded_at")
  Instant recordedAt;

  String source;

  String origin;

  byte[] data;

  /// A row of [#OF_ORDERS].
  static FactRow of(ResultSet row) throws SQLException {
    var fact = new FactRow();
    fact.orderId = row.getString(1);
    fact.eventId = row.getString(2);
    fact.translation = row.getInt(3);
    fact.lookup = row.getString(4);
    fact.type = row.getString(5);
    fact.data = row.getBytes(6);
    return fact;
  }

  /// The fact; none of a type that only a newer version knows, which a roll-back may leave.
  Optional<PaymentFact> fact() {
    return PaymentEventType.named(type)
        .map(known -> {
          PaymentEvent event = WireFormat.read(data, known.shape());
          return new PaymentFact(
              new EventId(eventId), translation, LookUpState.named(lookup), event);
        });
  }

  ReceivedFact received() {
    return new ReceivedFact(
        eventId, sourceEvent, type, translation, occurredAt, receivedAt, recordedAt, origin, data);
  }

  /// What is written of each.
  static Parameters columns(List<ReceivedMessage> facts, Instant now) {
    return Parameters.none()
        .rows(facts)
        .text(received -> received.fact().id())
        .text(received -> received.fact().id().sourceEvent())
        .text(ReceivedMessage::order)
        .longs(received -> received.fact().translation())
        .text(received -> received.fact().lookUp().wireName())
        .text(received -> received.fact().event().type())
        .text(received -> received.fact().event().about().occurredAt())
        .text(_ -> now)
        .text(ReceivedMessage::receivedAt)
        .text(received -> received.event().source())
        .text(received -> received.event().origin().wireName())
        .text(ReceivedMessage::bodyFormat)
        .bytes(received -> received.event().data())
        .end();
  }

  /// What is written of each once its customer was erased.
  static Parameters erased(List<PaymentFact> facts) {
    return Parameters.none()
        .rows(facts)
        .text(PaymentFact::id)
        .bytes(fact -> WireFormat.write(fact.event()))
        .end();
  }
}
