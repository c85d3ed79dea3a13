package dev.quittance.messaging.jdbc;

import dev.quittance.messaging.jdbc.StatementPipeline.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Single statements, each a round trip of its own: for what is read or written one at a time. What
/// belongs to a batch goes through a [StatementPipeline].
public final class Sql {

  private Sql() {}

  /// The rows of a query, in their order.
  public static <T> List<T> query(
      Connection connection, String sql, Parameters parameters, Row<T> row) throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      var read = new ArrayList<T>();
      while (rows.next()) {
        read.add(row.read(rows));
      }
      return read;
    }
  }

  /// The same, on a connection of its own.
  public static <T> List<T> query(
      DataSource database, String sql, Parameters parameters, Row<T> row) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return query(connection, sql, parameters, row);
    }
  }

  /// The row of a query that has one at most.
  public static <T> Optional<T> first(
      Connection connection, String sql, Parameters parameters, Row<T> row) throws SQLException {
    return query(connection, sql, parameters, row).stream().findFirst();
  }

  /// The same, on a connection of its own.
  public static <T> Optional<T> first(
      DataSource database, String sql, Parameters parameters, Row<T> row) throws SQLException {
    return query(database, sql, parameters, row).stream().findFirst();
  }

  /// @return how many rows were written
  public static int update(Connection connection, String sql, Parameters parameters)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /// The same, on a connection of its own, which commits it.
  public static int update(DataSource database, String sql, Parameters parameters)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      return update(connection, sql, parameters);
    }
  }

  /// Runs statements, several with a semicolon between, whose answers are of no interest.
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static PreparedStatement prepared(
      Connection connection, String sql, Parameters parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      parameters.set(connection, statement, 1);
      return statement;
    } catch (Throwable e) {
      statement.close();
      throw e;
    }
  }
}
