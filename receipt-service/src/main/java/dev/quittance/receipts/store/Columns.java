package dev.quittance.receipts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Binds rows to a statement column by column, for `unnest`: one statement however many rows. The
/// arrays have their elements' type: one of objects would be sent as one escaped text.
final class Columns<T> {

  private final Connection connection;
  private final PreparedStatement statement;
  private final Collection<T> rows;
  private int index;

  private Columns(
      Connection connection, PreparedStatement statement, Collection<T> rows, int index) {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
    this.index = index;
  }

  static <T> Columns<T> of(Connection connection, PreparedStatement statement, Collection<T> rows) {
    return of(connection, statement, rows, 1);
  }

  /// @param index of the first column's parameter
  static <T> Columns<T> of(
      Connection connection, PreparedStatement statement, Collection<T> rows, int index) {
    return new Columns<>(connection, statement, rows, index);
  }

  /// PostgreSQL's text can't hold NUL, which JSON can: it is left out.
  Columns<T> text(Function<T, @Nullable String> column) throws SQLException {
    return array(
        "text",
        rows.stream()
            .map(column)
            .map(text -> text == null ? null : text.replace("\0", ""))
            .toArray(String[]::new));
  }

  Columns<T> ints(ToIntFunction<T> column) throws SQLException {
    return array("int4", rows.stream().map(column::applyAsInt).toArray(Integer[]::new));
  }

  Columns<T> longs(ToLongFunction<T> column) throws SQLException {
    return array("int8", rows.stream().map(column::applyAsLong).toArray(Long[]::new));
  }

  /// The driver knows no other way than as text.
  Columns<T> instants(Function<T, Instant> column) throws SQLException {
    return array(
        "timestamptz", rows.stream().map(column).map(Instant::toString).toArray(String[]::new));
  }

  private Columns<T> array(String type, @Nullable Object[] values) throws SQLException {
    statement.setArray(index++, connection.createArrayOf(type, values));
    return this;
  }
}
