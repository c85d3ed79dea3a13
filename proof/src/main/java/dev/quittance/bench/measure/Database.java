package dev.quittance.bench.measure;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.StackFault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/// Looks into a service's database and empties it between rounds.
final class Database implements AutoCloseable {

  /// More than the slowest round of the slowest machine that we would want to wait for.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Connection connection;

  /// Whether the service publishes states beside its events.
  private final boolean states;

  Database(DatabaseAddress address) throws SQLException {
    connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    states = one("SELECT count(to_regclass('states_due'))") > 0;
  }

  /// How many records of the topic the service has taken in, each once and for good.
  long passed(Topic topic) {
    return one(
        "SELECT coalesce(sum(next_offset - first_offset), 0) FROM intake_ledger WHERE topic = ?",
        topic.topicName());
  }

  /// Waits until so many records of the payments' topic have been taken in.
  void awaitPassed(long records) {
    Deadline.in(PATIENCE)
        .await(
            () -> passed(Topic.PAYMENT_EVENTS) >= records,
            () -> {
              throw new StackFault(
                  "Only %d of %d records were taken in"
                      .formatted(passed(Topic.PAYMENT_EVENTS), records));
            });
  }

  /// Waits until all that came of it is published.
  void awaitPublished() {
    Deadline.in(PATIENCE)
        .await(
            () -> count("outbox") == 0 && (!states || count("states_due") == 0),
            () -> {
              throw new StackFault("The outbox doesn't get empty, or states stay due");
            });
  }

  long count(String table) {
    return one("SELECT count(*) FROM " + table);
  }

  long one(String sql, String... arguments) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new StackFault("The database doesn't answer", e);
    }
  }

  /// What the server has done so far, for all its databases. It counts with up to a second's delay.
  Work work() {
    return new Work(
        one("SELECT wal_records FROM pg_stat_wal"),
        one("SELECT wal_bytes::bigint FROM pg_stat_wal"),
        one("SELECT coalesce(sum(fsyncs), 0)::bigint FROM pg_stat_io WHERE object = 'wal'"),
        one("SELECT sum(xact_commit + xact_rollback)::bigint FROM pg_stat_database"));
  }

  /// @param flushes of the write-ahead log to the disk
  record Work(long walRecords, long walBytes, long flushes, long transactions) {

    Work minus(Work before) {
      return new Work(
          walRecords - before.walRecords,
          walBytes - before.walBytes,
          flushes - before.flushes,
          transactions - before.transactions);
    }
  }

  /// Forgets all rows of the tables and of those that refer to them.
  void empty(List<String> tables) {
    run("TRUNCATE " + String.join(", ", tables) + " CASCADE");
  }

  void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      // a service that was paused in the middle of something must not make us wait for ever
      statement.execute("SET lock_timeout = '20s'");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new StackFault("The database refuses: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
