package dev.quittance.fulfillment.store;

import dev.quittance.localstack.DatabaseAddress;
import dev.quittance.localstack.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of one test's own, with the service's tables.
public final class TestDatabase {

  private TestDatabase() {}

  static DataSource create() throws SQLException, IOException {
    return at(prepare());
  }

  /// Where a new one is.
  public static DatabaseAddress prepare() throws SQLException, IOException {
    DatabaseAddress address =
        LocalPostgres.shared()
            .createDatabase("ff_" + UUID.randomUUID().toString().replace("-", ""));
    DataSource database = at(address);
    run(database, script("/db/inbox-outbox/V1__inbox_outbox.sql"));
    run(database, script("/db/migration/V2__orders.sql"));
    run(database, script("/db/migration/V4__erasure.sql"));
    run(database, script("/db/migration/V6__transactions.sql"));
    return address;
  }

  public static DataSource at(DatabaseAddress address) {
    var database = new PGSimpleDataSource();
    database.setUrl(address.jdbcUrl());
    database.setUser(address.user());
    database.setPassword(address.password());
    return database;
  }

  private static String script(String path) throws IOException {
    try (InputStream script = TestDatabase.class.getResourceAsStream(path)) {
      return new String(
          Objects.requireNonNull(script, path).readAllBytes(), StandardCharsets.UTF_8);
    }
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
}
