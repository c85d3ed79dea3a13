package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// An order as it is read. Written only by [Changes].
@Entity
@Immutable
@Table(name = "orders")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class OrderRow {

  @Id String id;

  byte[] view;

  String provider;

  @Column(name = "checkout_session")
  String checkoutSession;

  @Column(name = "payment_status")
  String paymentStatus;

  @Column(name = "fulfillment_status")
  String fulfillmentStatus;

  String currency;

  @Column(name = "placed_at")
  Instant placedAt;

  /// A `tsvector`, matched by a `tsquery`.
  String search;

  OrderView toView() {
    return WireFormat.read(view, OrderView.class);
  }
}
