package dev.quittance.receipts;

import dev.quittance.localstack.DatabaseAddress;
import dev.quittance.localstack.LocalPostgres;
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
public record TestDatabase(DataSource source) {

  public static DatabaseAddress address() {
    return LocalPostgres.shared()
        .createDatabase("receipts_" + UUID.randomUUID().toString().replace("-", ""));
  }

  public static TestDatabase create() {
    DatabaseAddress address = address();
    Flyway.configure()
        .dataSource(address.jdbcUrl(), address.user(), address.password())
        .locations("db/inbox-outbox", "db/migration")
        .load()
        .migrate();
    var database = new PGSimpleDataSource();
    database.setUrl(address.jdbcUrl());
    database.setUser(address.user());
    database.setPassword(address.password());
    return new TestDatabase(database);
  }

  /// Work in a transaction.
  public interface Work<T> {
    T in(Connection transaction) throws SQLException;
  }

  public <T> T transact(Work<T> work) {
    try (Connection transaction = source.getConnection()) {
      transaction.setAutoCommit(false);
      T result = work.in(transaction);
      transaction.commit();
      return result;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public void run(String sql) {
    transact(transaction -> {
      try (Statement statement = transaction.createStatement()) {
        return statement.execute(sql);
      }
    });
  }

  /// The first column of all rows.
  public List<String> ask(String sql) {
    return transact(transaction -> {
      try (Statement statement = transaction.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        var answers = new ArrayList<String>();
        while (rows.next()) {
          answers.add(String.valueOf(rows.getString(1)));
        }
        return answers;
      }
    });
  }

  /// The only value of the only row.
  public String one(String sql) {
    List<String> answers = ask(sql);
    if (answers.size() != 1) {
      throw new AssertionError("not one row but " + answers.size());
    }
    return answers.getFirst();
  }
}
