package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.messaging.jdbc.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;

/// A command as it is stored. Written only by [OrderRepository], many at a time.
@Entity
@Immutable
@IdClass(CommandRow.Key.class)
@Table(name = "commands")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class CommandRow {

  static final String OF_ORDERS =
      """
      SELECT order_id, command_id, number, source, type, recorded_at, data, duplicate_of
        FROM commands WHERE order_id IN (SELECT unnest(?::text[])) ORDER BY order_id, number
      """;

  static final String INSERT =
      """
      INSERT INTO commands (order_id, command_id, number, source, type, recorded_at, refusal, data, duplicate_of)
      SELECT order_id, command_id, number, source, type, recorded_at::timestamptz, refusal, data, duplicate_of
        FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[])
          AS decided (order_id, command_id, number, source, type, recorded_at, refusal, data, duplicate_of)
      """;

  /// Which command of which order.
  record Key(String orderId, String commandId) implements Serializable {}

  @Id
  @Column(name = "order_id")
  String orderId;

  @Id
  @Column(name = "command_id")
  String commandId;

  /// None of one that was refused.
  Long number;

  String source;

  String type;

  @Column(name = "recorded_at")
  Instant recordedAt;

  byte[] data;

  @Column(name = "duplicate_of")
  String duplicateOf;

  /// A row of [#OF_ORDERS].
  static CommandRow of(ResultSet row) throws SQLException {
    var command = new CommandRow();
    command.orderId = row.getString(1);
    command.commandId = row.getString(2);
    command.number = row.getObject(3, Long.class);
    command.source = row.getString(4);
    command.type = row.getString(5);
    command.recordedAt = row.getTimestamp(6).toInstant();
    command.data = row.getBytes(7);
    command.duplicateOf = row.getString(8);
    return command;
  }

  void addTo(Order order) {
    if (number == null) {
      order.addRefused(new EventId(commandId));
    } else {
      order.addCommand(accepted());
    }
  }

  AcceptedCommand accepted() {
    return new AcceptedCommand(
        number,
        new EventId(commandId),
        source,
        recordedAt,
        WireFormat.read(data, shape(type)),
        duplicateOf == null ? null : new OrderId(duplicateOf));
  }

  static Class<? extends FulfillmentCommand> shape(String type) {
    return FulfillmentCommandType.named(type)
        .orElseThrow(() -> new IllegalStateException("a stored command of unknown type"))
        .shape();
  }

  /// What is written of each.
  static Parameters columns(List<Order.DecidedCommand> decided) {
    return Parameters.none()
        .rows(decided)
        .text(Order.DecidedCommand::order)
        .text(Order.DecidedCommand::id)
        .longsOrNone(Order.DecidedCommand::number)
        .text(command -> Columns.plain(command.source(), Columns.SOURCE_LENGTH_MAX))
        .text(command -> command.command().type())
        .text(Order.DecidedCommand::at)
        .text(command -> command.refusal() == null ? null : command.refusal().code())
        .bytes(command -> WireFormat.write(command.command()))
        .text(Order.DecidedCommand::duplicateOf)
        .end();
  }
}
