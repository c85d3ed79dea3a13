package dev.quittance.messaging.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The parameters of a statement, in their order. Values are taken as they are when they are added,
/// whenever the statement is sent.
///
/// Arrays have their elements' type: one of objects would be sent as one escaped text. They serve
/// `unnest`: one statement, however many rows.
public final class Parameters {

  /// What a value costs on the wire beside itself.
  private static final int HEAD = 4;

  @FunctionalInterface
  private interface Parameter {
    void set(Connection connection, PreparedStatement statement, int index) throws SQLException;
  }

  private final List<Parameter> parameters = new ArrayList<>();
  private long size;

  private Parameters() {}

  /// None yet.
  public static Parameters none() {
    return new Parameters();
  }

  /// An array of texts, for `IN (SELECT unnest(?))`.
  public static Parameters texts(Collection<?> values) {
    return new Parameters().rows(values).text(Object::toString).end();
  }

  /// A text.
  public Parameters text(@Nullable String value) {
    size += size(value);
    parameters.add((_, statement, index) -> statement.setString(index, value));
    return this;
  }

  /// Bytes.
  public Parameters bytes(byte[] value) {
    size += HEAD + value.length;
    parameters.add((_, statement, index) -> statement.setBytes(index, value));
    return this;
  }

  /// A whole number.
  public Parameters number(long value) {
    size += HEAD + Long.BYTES;
    parameters.add((_, statement, index) -> statement.setLong(index, value));
    return this;
  }

  /// Yes or no.
  public Parameters flag(boolean value) {
    size += HEAD + 1;
    parameters.add((_, statement, index) -> statement.setBoolean(index, value));
    return this;
  }

  /// A moment, to a microsecond.
  public Parameters instant(Instant value) {
    size += HEAD + Long.BYTES;
    parameters.add(
        (_, statement, index) -> statement.setObject(index, value.atOffset(ZoneOffset.UTC)));
    return this;
  }

  /// One array for each column of some rows.
  public <T> Columns<T> rows(Collection<T> rows) {
    return new Columns<>(rows);
  }

  /// @return the index behind the last one
  int set(Connection connection, PreparedStatement statement, int first) throws SQLException {
    int index = first;
    for (Parameter parameter : parameters) {
      parameter.set(connection, statement, index++);
    }
    return index;
  }

  /// About as many bytes as they take on the wire.
  long size() {
    return size;
  }

  private static int size(@Nullable String text) {
    // most is ASCII, and all of it is at least as long as this
    return HEAD + (text == null ? 0 : text.length());
  }

  private void array(String type, @Nullable Object[] values, long bytes) {
    size += HEAD + bytes;
    parameters.add((connection, statement, index) ->
        statement.setArray(index, connection.createArrayOf(type, values)));
  }

  /// Adds an array for each column of some rows.
  ///
  /// @param <T> a row
  public final class Columns<T> {

    private final List<T> rows;

    private Columns(Collection<T> rows) {
      this.rows = List.copyOf(rows);
    }

    /// Texts, or none. PostgreSQL refuses one with NUL.
    public Columns<T> text(Function<T, @Nullable Object> column) {
      @Nullable String[] texts = new String[rows.size()];
      long bytes = 0;
      for (int i = 0; i < texts.length; i++) {
        Object given = column.apply(rows.get(i));
        texts[i] = given == null ? null : given.toString();
        bytes += size(texts[i]);
      }
      array("text", texts, bytes);
      return this;
    }

    /// Texts, or none, without NUL, which JSON can hold and PostgreSQL can't: for words, not for
    /// ids.
    public Columns<T> words(Function<T, @Nullable String> column) {
      return text(row -> {
        String words = column.apply(row);
        return words == null ? null : words.replace("\0", "");
      });
    }

    /// Whole numbers of at most 32 bits.
    public Columns<T> ints(ToIntFunction<T> column) {
      Integer[] numbers = rows.stream().map(column::applyAsInt).toArray(Integer[]::new);
      array("int4", numbers, (long) numbers.length * (HEAD + Integer.BYTES));
      return this;
    }

    /// Whole numbers.
    public Columns<T> longs(ToLongFunction<T> column) {
      return longsOrNone(column::applyAsLong);
    }

    /// Whole numbers, or none.
    public Columns<T> longsOrNone(Function<T, @Nullable Long> column) {
      @Nullable Long[] numbers = new Long[rows.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = column.apply(rows.get(i));
      }
      array("int8", numbers, (long) numbers.length * (HEAD + Long.BYTES));
      return this;
    }

    /// Bytes, or none.
    public Columns<T> bytes(Function<T, byte @Nullable []> column) {
      byte[] @Nullable [] all = new byte[rows.size()][];
      long bytes = 0;
      for (int i = 0; i < all.length; i++) {
        byte[] value = column.apply(rows.get(i));
        all[i] = value;
        bytes += HEAD + (value == null ? 0 : value.length);
      }
      array("bytea", all, bytes);
      return this;
    }

    /// Moments, to a microsecond. The driver knows no other way than as text.
    public Columns<T> instants(Function<T, @Nullable Instant> column) {
      @Nullable String[] texts = new String[rows.size()];
      for (int i = 0; i < texts.length; i++) {
        Instant given = column.apply(rows.get(i));
        texts[i] = given == null ? null : given.toString();
      }
      array("timestamptz", texts, (long) texts.length * (HEAD + Long.BYTES));
      return this;
    }

    /// What comes behind the columns.
    public Parameters end() {
      return Parameters.this;
    }
  }
}
