package dev.quittance.receipts;

import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.Transactions;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalPostgres;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

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
        .locations("db/messaging", "db/migration")
        .load()
        .migrate();
    return new TestDatabase(pool(address));
  }

  private static DataSource pool(DatabaseAddress address) {
    var pool =
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(connections ->
                connections
                    .maxSize(10)
                    .connectionFactoryConfiguration(factory ->
                        factory
                            .jdbcUrl(address.jdbcUrl())
                            .principal(new NamePrincipal(address.user()))
                            .credential(new SimplePassword(address.password()))));
    try {
      return AgroalDataSource.from(pool);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
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

  /// The same, with statements that go together.
  public <T> T exchange(Transactions.Exchanging<T> work) {
    return transact(transaction -> {
      var exchange = new StatementPipeline(transaction);
      T result = work.in(exchange);
      exchange.send();
      return result;
    });
  }

  /// As it was made, but for what it counts up.
  public void empty() {
    run(
        "TRUNCATE orders, payment_facts, mails, receipt_numbers, mail_outages, outbox,"
            + " source_events, intake_ledger CASCADE");
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

  /// All that is stored: every row of every table, as text.
  public List<String> dump() {
    return ask(
            "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema ="
                + " 'public' AND table_type = 'BASE TABLE'")
        .stream()
        .flatMap(
            table -> ask("SELECT '" + table + " ' || t::text FROM " + table + " AS t").stream())
        .toList();
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
