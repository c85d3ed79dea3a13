package dev.quittance.fulfillment.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// A command as it is read. Written only by [Changes].
@Entity
@Immutable
@IdClass(CommandRow.Key.class)
@Table(name = "commands")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class CommandRow {

  /// Which command of which order.
  record Key(String orderId, String commandId) implements Serializable {}

  @Id
  @Column(name = "order_id")
  String orderId;

  @Id
  @Column(name = "command_id")
  String commandId;

  Long number;

  String source;

  String type;

  @Column(name = "recorded_at")
  Instant recordedAt;

  byte[] data;

  AcceptedCommand accepted() {
    FulfillmentCommandType known =
        FulfillmentCommandType.named(type)
            .orElseThrow(() -> new IllegalStateException("a stored command of unknown type"));
    return new AcceptedCommand(
        number, new EventId(commandId), source, recordedAt, WireFormat.read(data, known.shape()));
  }
}
