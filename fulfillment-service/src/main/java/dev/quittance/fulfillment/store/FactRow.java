package dev.quittance.fulfillment.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// A payment fact as it is read. Written only by [PaymentFacts].
@Entity
@Immutable
@Table(name = "payment_facts")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class FactRow {

  @Id
  @Column(name = "event_id")
  String eventId;

  @Column(name = "order_id")
  String orderId;

  int translation;

  String lookup;

  String type;

  @Column(name = "recorded_at")
  Instant recordedAt;

  String source;

  String origin;

  byte[] data;
}
