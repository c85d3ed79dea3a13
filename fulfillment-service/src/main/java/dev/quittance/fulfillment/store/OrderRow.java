package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// An order as it is read. Written only by [Changes].
@Entity
@Immutable
@Table(name = "orders")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class OrderRow {

  @Id String id;

  byte[] view;

  OrderView toView() {
    return WireFormat.read(view, OrderView.class);
  }
}
