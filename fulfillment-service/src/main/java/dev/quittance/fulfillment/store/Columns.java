package dev.quittance.fulfillment.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Fills a statement's parameters column by column, for `unnest`: one statement, however many rows.
/// The arrays have their elements' type: one of objects would be sent as one escaped text.
final class Columns<T> {

  private final Connection connection;
  private final PreparedStatement statement;
  private final List<T> rows;
  private int next = 1;

  Columns(Connection connection, PreparedStatement statement, List<T> rows) {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
  }

  Columns<T> text(Function<T, @Nullable Object> value) throws SQLException {
    @Nullable String[] texts = new String[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      Object given = value.apply(rows.get(i));
      texts[i] = given == null ? null : given.toString();
    }
    return add(connection.createArrayOf("text", texts));
  }

  Columns<T> number(Function<T, @Nullable Long> value) throws SQLException {
    @Nullable Long[] numbers = new Long[rows.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = value.apply(rows.get(i));
    }
    return add(connection.createArrayOf("int8", numbers));
  }

  Columns<T> bytes(Function<T, byte @Nullable []> value) throws SQLException {
    byte[] @Nullable [] all = new byte[rows.size()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = value.apply(rows.get(i));
    }
    return add(connection.createArrayOf("bytea", all));
  }

  private Columns<T> add(Array column) throws SQLException {
    statement.setArray(next++, column);
    return this;
  }

  /// An array of texts, for `IN (SELECT unnest(?))`.
  static Array texts(Connection connection, List<?> values) throws SQLException {
    return connection.createArrayOf(
        "text", values.stream().map(Object::toString).toArray(String[]::new));
  }
}
