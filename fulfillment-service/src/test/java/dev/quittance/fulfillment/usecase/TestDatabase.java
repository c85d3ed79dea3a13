package dev.quittance.fulfillment.usecase;

import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of one test's own, with the service's tables.
public final class TestDatabase {

  private TestDatabase() {}

  static DataSource create() {
    return at(prepare());
  }

  /// Where a new one is.
  public static DatabaseAddress prepare() {
    DatabaseAddress address =
        LocalPostgres.shared()
            .createDatabase("ff_" + UUID.randomUUID().toString().replace("-", ""));
    // every migration, as the service itself has them applied
    Flyway.configure()
        .dataSource(at(address))
        .locations("db/messaging", "db/migration")
        .load()
        .migrate();
    return address;
  }

  public static DataSource at(DatabaseAddress address) {
    var database = new PGSimpleDataSource();
    database.setUrl(address.jdbcUrl());
    database.setUser(address.user());
    database.setPassword(address.password());
    return database;
  }

  static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The first column of what a query gives, as texts.
  public static List<String> ask(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var answers = new ArrayList<String>();
      while (rows.next()) {
        answers.add(String.valueOf(rows.getString(1)));
      }
      return answers;
    }
  }

  /// All that is stored: every column of every row of every table, what is kept in bytes as text.
  static List<String> dump(DataSource database) throws SQLException {
    List<String> selects =
        ask(
            database,
            """
            SELECT format('SELECT %L || concat_ws('' | '', %s) FROM %I', table_name || ': ',
                          string_agg(format(CASE data_type WHEN 'bytea' THEN 'encode(%I, ''escape'')'
                                            ELSE '%I::text' END, column_name), ', '), table_name)
              FROM information_schema.columns
             WHERE table_schema = 'public'
             GROUP BY table_name
            """);
    var rows = new ArrayList<String>();
    for (String select : selects) {
      rows.addAll(ask(database, select));
    }
    return rows;
  }
}
