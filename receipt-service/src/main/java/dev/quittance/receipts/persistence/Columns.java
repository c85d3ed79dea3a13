package dev.quittance.receipts.persistence;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// How values stand in columns.
final class Columns {

  /// The kind of a mail with a code.
  static final String CODE = "code";

  private Columns() {}

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant instantOrNull(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /// @throws dev.quittance.contracts.UnreadableEvent when this version can't read it
  static <T> T read(String json, Class<T> shape) {
    return WireFormat.read(json.getBytes(StandardCharsets.UTF_8), shape);
  }

  static String json(Object value) {
    return new String(WireFormat.write(value), StandardCharsets.UTF_8);
  }

  static @Nullable String masked(@Nullable String address) {
    return address == null ? null : Customer.masked(address);
  }
}
