package dev.quittance.chaos;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/// The database sessions in which a service's relays lead: they hold advisory locks of two numbers
/// (`pg_locks.objsubid` is 2), the relays of events one for each shard, the publisher of states the
/// one behind them (decision 32).
final class Leaderships {

  /// Whose sessions.
  enum Whose {
    EVENTS(0, 7),
    STATES(8, 8),
    ALL(0, 8);

    private final int first;
    private final int last;

    Whose(int first, int last) {
      this.first = first;
      this.last = last;
    }
  }

  private static final String END =
      """
      SELECT count(pg_terminate_backend(pid))
        FROM (SELECT DISTINCT pid
                FROM pg_locks JOIN pg_database ON pg_database.oid = database
               WHERE locktype = 'advisory' AND objsubid = 2 AND granted
                 AND datname = current_database() AND objid::bigint BETWEEN ? AND ?) AS leader
      """;

  /// Connection exceptions; and those of a server that stops or starts.
  private static final List<String> AWAY = List.of("08", "57P");

  /// A server that is stopped by another fault isn't waited for.
  private static final String SECONDS_MAX = "3";

  private final String database;

  /// @param database its JDBC address, of a user who may end sessions
  Leaderships(String database) {
    this.database = database;
  }

  /// Ends them (`pg_terminate_backend`); their processes hear of it when they use them the next
  /// time.
  ///
  /// @return how many there were; none where the server itself is away
  int end(Whose whose) {
    var patience = new Properties();
    patience.setProperty("connectTimeout", SECONDS_MAX);
    patience.setProperty("socketTimeout", SECONDS_MAX);
    try (var connection = DriverManager.getConnection(database, patience);
        var statement = connection.prepareStatement(END)) {
      statement.setInt(1, whose.first);
      statement.setInt(2, whose.last);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (AWAY.stream().noneMatch(state::startsWith)) {
        throw new IllegalStateException(e);
      }
      return 0;
    }
  }
}
