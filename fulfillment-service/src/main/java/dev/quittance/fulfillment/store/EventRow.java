package dev.quittance.fulfillment.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// An event that was told, as it is read. Written only by [Changes].
@Entity
@Immutable
@IdClass(EventRow.Key.class)
@Table(name = "order_events")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class EventRow {

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
}
