package dev.quittance.bench.yardstick;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The reference for fulfillment's intake: the rows that it wrote, written once more to tables of
/// the same shape with the same indexes, by plain JDBC: one `INSERT … SELECT FROM unnest` per table
/// and batch, a commit per batch, on one connection. It decodes, folds, locks and asks nothing.
public final class PlainRows implements AutoCloseable {

  private static final String SCHEMA = "plain";

  /// What is to be published is deleted again at once, so triggers keep those rows.
  private static final List<String> PASSING = List.of("outbox", "states_due");

  /// What an event leaves behind.
  private static final List<String> TABLES =
      List.of("payment_facts", "source_events", "orders", "order_events", "outbox", "states_due");

  private final Connection connection;
  private final Map<String, Table> tables = new TreeMap<>();

  /// A table's rows by column, as arrays of the database's own types.
  private record Table(String insert, List<String> types, List<Object[]> columns) {

    int rows() {
      return columns.isEmpty() ? 0 : columns.getFirst().length;
    }
  }

  /// @param url of the service's database
  public PlainRows(String url, String user, String password) throws SQLException {
    connection = DriverManager.getConnection(url, user, password);
    run("CREATE SCHEMA plain");
    for (String table : TABLES) {
      run("CREATE TABLE plain.%s (LIKE public.%s INCLUDING ALL)".formatted(table, table));
    }
  }

  /// From now on what is published and deleted is kept, too.
  public void watch() throws SQLException {
    for (String table : PASSING) {
      run("CREATE TABLE plain.kept_%1$s (LIKE public.%1$s)".formatted(table));
      run(
          """
          CREATE FUNCTION plain.keep_%1$s() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO plain.kept_%1$s OVERRIDING SYSTEM VALUE SELECT new.*;
            RETURN NULL;
          END $$
          """
              .formatted(table));
      run(
          ("CREATE TRIGGER keep AFTER INSERT ON public.%1$s"
                  + " FOR EACH ROW EXECUTE FUNCTION plain.keep_%1$s()")
              .formatted(table));
    }
  }

  /// Takes the rows that the service wrote since its tables were emptied.
  public void learn() throws SQLException {
    for (String table : PASSING) {
      run("DROP TRIGGER keep ON public." + table);
    }
    for (String table : TABLES) {
      tables.put(table, read(table, (PASSING.contains(table) ? "plain.kept_" : "public.") + table));
    }
  }

  /// How many rows all of it is.
  public int rows() {
    return tables.values().stream().mapToInt(Table::rows).sum();
  }

  private Table read(String name, String from) throws SQLException {
    var columns = new ArrayList<List<Object>>();
    var names = new ArrayList<String>();
    var types = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + from)) {
      var about = rows.getMetaData();
      for (int i = 1; i <= about.getColumnCount(); i++) {
        names.add(about.getColumnName(i));
        types.add(about.getColumnTypeName(i));
        columns.add(new ArrayList<>());
      }
      while (rows.next()) {
        for (int i = 0; i < columns.size(); i++) {
          columns.get(i).add(value(rows, i + 1, types.get(i)));
        }
      }
    }
    String arrays =
        types.stream().map(type -> "?::" + sent(type) + "[]").collect(Collectors.joining(", "));
    String selected =
        IntStream.range(0, names.size())
            .mapToObj(i -> "c" + i + "::" + plain(types.get(i)))
            .collect(Collectors.joining(", "));
    String aliases =
        IntStream.range(0, names.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    String insert =
        "INSERT INTO %s.%s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM unnest(%s) AS rows (%s)"
            .formatted(SCHEMA, name, String.join(", ", names), selected, arrays, aliases);
    return new Table(
        insert,
        types.stream().map(PlainRows::sent).toList(),
        columns.stream().map(List::toArray).toList());
  }

  private static Object value(ResultSet rows, int column, String type) throws SQLException {
    return switch (plain(type)) {
      // as text, which the driver sends as it is
      case "tsvector", "timestamptz", "json", "uuid" -> rows.getString(column);
      default -> rows.getObject(column);
    };
  }

  /// How a column goes over the wire.
  private static String sent(String type) {
    return switch (plain(type)) {
      case "tsvector", "timestamptz", "json", "uuid" -> "text";
      default -> plain(type);
    };
  }

  /// Identity columns have names of their own.
  private static String plain(String type) {
    return switch (type) {
      case "bigserial" -> "int8";
      case "serial" -> "int4";
      default -> type;
    };
  }

  /// Writes all of it once more into empty tables.
  ///
  /// @param events that it stands for
  /// @param batch events per transaction
  /// @return events a second
  public double perSecond(int events, int batch) throws SQLException {
    run(
        "TRUNCATE "
            + TABLES.stream().map(table -> SCHEMA + "." + table).collect(Collectors.joining(", ")));
    int batches = Math.ceilDiv(events, batch);
    long start = System.nanoTime();
    connection.setAutoCommit(false);
    try {
      for (int i = 0; i < batches; i++) {
        for (Table table : tables.values()) {
          insert(table, i, batches);
        }
        connection.commit();
      }
    } finally {
      connection.setAutoCommit(true);
    }
    return events / ((System.nanoTime() - start) / 1e9);
  }

  private void insert(Table table, int part, int parts) throws SQLException {
    int from = (int) ((long) table.rows() * part / parts);
    int to = (int) ((long) table.rows() * (part + 1) / parts);
    if (from == to) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(table.insert())) {
      for (int i = 0; i < table.columns().size(); i++) {
        Object[] values = Arrays.copyOfRange(table.columns().get(i), from, to);
        Array array = connection.createArrayOf(table.types().get(i), typed(values));
        statement.setArray(i + 1, array);
      }
      statement.executeUpdate();
    }
  }

  /// The driver wants byte arrays as such.
  private static Object[] typed(Object[] values) {
    if (Arrays.stream(values).anyMatch(value -> value instanceof byte[])) {
      return Arrays.copyOf(values, values.length, byte[][].class);
    }
    return values;
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /// The names of the tables, for whoever empties them.
  public static List<String> tables() {
    return Collections.unmodifiableList(TABLES);
  }
}
