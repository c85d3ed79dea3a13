package dev.quittance.fulfillment.persistence;

import static dev.quittance.fulfillment.persistence.Columns.currency;
import static dev.quittance.fulfillment.persistence.Columns.minor;
import static dev.quittance.fulfillment.persistence.Columns.plain;
import static dev.quittance.fulfillment.persistence.Columns.wireName;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AnnouncedState;
import dev.quittance.fulfillment.order.Erasure;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.messaging.jdbc.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;

/// An order as it is stored. Written only by [OrderRepository], many at a time.
@Entity
@Immutable
@Table(name = "orders")
@SuppressWarnings("NullAway") // Hibernate fills the fields
class OrderRow {

  static final String LOCK =
      """
      SELECT id, version, sequence, told, view, updated_at, erased_at, erased_by
        FROM orders WHERE id IN (SELECT unnest(?::text[])) ORDER BY id FOR UPDATE
      """;

  private static final String COLUMNS =
      """
      version, sequence, told, view, provider, account, connected_account, checkout_session, payment_status, fulfillment_status,
      currency, amount_minor, received_minor, refunded_minor, reference, livemode, placed_at, updated_at, search,
      erased_at, erased_by, payment_method, duplicate_of
      """;

  /// One row for each order, its columns in the order in which they are bound below. What
  /// [DueStates] reads is written in the same statement, to save the round trip.
  private static final String CHANGED =
      """
      WITH changed AS (
      SELECT id, state_changed::boolean, traceparent, version, sequence, told, view, provider, account, connected_account, checkout_session, payment_status,
             fulfillment_status, currency, amount_minor, received_minor, refunded_minor, reference, livemode::boolean,
             placed_at::timestamptz, updated_at::timestamptz, array_to_tsvector(string_to_array(search, ' ')) AS search,
             erased_at::timestamptz, erased_by, payment_method, duplicate_of
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                    ?::bigint[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          AS changed (id, state_changed, traceparent, version, sequence, told, view, provider, account, connected_account, checkout_session,
                      payment_status, fulfillment_status, currency, amount_minor, received_minor, refunded_minor,
                      reference, livemode, placed_at, updated_at, search, erased_at, erased_by,
                      payment_method, duplicate_of)
      ), due AS (
      INSERT INTO states_due (order_id, traceparent)
      SELECT id, traceparent FROM changed WHERE state_changed ORDER BY id)
      """;

  static final String UPDATE =
      CHANGED
          + """
          UPDATE orders SET (%s) = ROW (%s)
            FROM changed
           WHERE orders.id = changed.id
          """
              .formatted(COLUMNS, COLUMNS.replaceAll("\\w+", "changed.$0"));

  static final String INSERT =
      CHANGED
          + """
          INSERT INTO orders (id, %s)
          SELECT id, %s FROM changed
           ORDER BY id
          """
              .formatted(COLUMNS, COLUMNS);

  @Id String id;

  byte[] view;

  @Column(name = "duplicate_of")
  String duplicateOf;

  @Column(name = "erased_at")
  Instant erasedAt;

  OrderView toView() {
    return WireFormat.read(view, OrderView.class);
  }

  /// The order of a row that is locked.
  static Order locked(ResultSet row) throws SQLException {
    byte[] announced = row.getBytes(4);
    Timestamp updatedAt = row.getTimestamp(6);
    Timestamp erasedAt = row.getTimestamp(7);
    return new Order(
        new OrderId(row.getString(1)),
        row.getLong(2),
        row.getLong(3),
        announced == null
            ? AnnouncedState.NOTHING
            : WireFormat.read(announced, AnnouncedState.class),
        row.getBytes(5),
        updatedAt == null ? null : updatedAt.toInstant(),
        erasedAt == null ? null : new Erasure(erasedAt.toInstant(), row.getString(8)));
  }

  /// What is written of each.
  static Parameters columns(List<Order> orders) {
    return Parameters.none()
        .rows(orders)
        .text(Order::id)
        .text(Order::viewChanged)
        .text(Order::traceparent)
        .longs(Order::version)
        .longs(Order::sequence)
        .bytes(order -> WireFormat.write(order.announced()))
        .bytes(Order::json)
        .text(order -> order.view().provider())
        .text(order -> order.view().account())
        .text(order -> plain(order.view().connectedAccount()))
        .text(order -> plain(order.view().checkoutSession()))
        .text(order -> wireName(order.view().paymentStatus()))
        .text(order -> wireName(order.view().fulfillmentStatus()))
        .text(order -> currency(order.view().amount()))
        .longsOrNone(order -> minor(order.view().amount()))
        .longsOrNone(order -> minor(order.view().received()))
        .longsOrNone(order -> minor(order.view().refunded()))
        .text(order -> plain(order.view().reference()))
        .text(order -> order.view().livemode())
        .text(order -> order.view().placedAt())
        .text(Order::updatedAt)
        .text(order -> SearchWords.of(order.view(), order.providerIds()))
        .text(order -> order.erasure() == null ? null : order.erasure().at())
        .text(order -> order.erasure() == null ? null : plain(order.erasure().by()))
        .text(order -> plain(order.view().method() == null ? null : order.view().method().type()))
        .text(order -> order.view().duplicateOf())
        .end();
  }
}
