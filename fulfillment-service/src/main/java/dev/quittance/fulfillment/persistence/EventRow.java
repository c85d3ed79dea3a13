package dev.quittance.fulfillment.persistence;

import dev.quittance.fulfillment.order.Order;
import dev.quittance.messaging.jdbc.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;

/// An event of an order as it is stored, beside the outbox. Written only by [OrderRepository], many
/// at a time.
@Entity
@Immutable
@IdClass(EventRow.Key.class)
@Table(name = "order_events")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class EventRow {

  static final String INSERT =
      """
      INSERT INTO order_events (order_id, sequence, event_id, type, occurred_at, version, detail)
      SELECT order_id, sequence, event_id, type, occurred_at::timestamptz, version, detail
        FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bytea[])
          AS event (order_id, sequence, event_id, type, occurred_at, version, detail)
      """;

  /// Which event of which order.
  record Key(String orderId, long sequence) implements Serializable {}

  @Id
  @Column(name = "order_id")
  String orderId;

  @Id long sequence;

  @Column(name = "event_id")
  String eventId;

  String type;

  @Column(name = "occurred_at")
  Instant occurredAt;

  byte[] detail;

  /// What is written of each.
  static Parameters columns(List<Order.Event> events) {
    return Parameters.none()
        .rows(events)
        .text(Order.Event::order)
        .longs(Order.Event::sequence)
        .text(Order.Event::id)
        .text(event -> event.content().type())
        .text(Order.Event::at)
        .longs(event -> event.content().order().version())
        .bytes(EventJson::detail)
        .end();
  }
}
