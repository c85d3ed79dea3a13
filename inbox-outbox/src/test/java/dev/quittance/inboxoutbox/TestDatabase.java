package dev.quittance.inboxoutbox;

import dev.quittance.localstack.DatabaseAddress;
import dev.quittance.localstack.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of one test's own, with the tables of inbox and outbox.
final class TestDatabase {

  private TestDatabase() {}

  static DataSource create() throws SQLException, IOException {
    DatabaseAddress address =
        LocalPostgres.shared()
            .createDatabase("io_" + UUID.randomUUID().toString().replace("-", ""));
    var database = new PGSimpleDataSource();
    database.setUrl(address.jdbcUrl());
    database.setUser(address.user());
    database.setPassword(address.password());
    try (InputStream script =
        TestDatabase.class.getResourceAsStream("/db/inbox-outbox/V1__inbox_outbox.sql")) {
      run(
          database,
          new String(
              Objects.requireNonNull(script, "the migration").readAllBytes(),
              StandardCharsets.UTF_8));
    }
    return database;
  }

  static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String ask(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "nothing";
    }
  }
}
