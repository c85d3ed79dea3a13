package dev.quittance.messaging.outbox;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a service took in and what it has still to say, as its database knows it.
///
/// @param ledger a line for each partition that was ever read
/// @param waiting how many rows wait in the outbox, and states beside it, at most [#WAITING_MAX]
/// @param oldestAt since when the oldest of them waits; null when none does
public record Inspection(List<Line> ledger, long waiting, @Nullable Instant oldestAt) {

  /// Counting on would take long just when there is trouble already.
  public static final int WAITING_MAX = 100_000;

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
  public Inspection {
    ledger = ledger == null ? List.of() : List.copyOf(ledger);
  }

  /// One partition's counts. `next − first = applied + ignored + duplicate + dead + gaps`: a
  /// constraint of the database says so.
  ///
  /// @param first the offset where counting began
  /// @param next one past the last record that was counted
  /// @param gaps offsets that no record had, such as transaction markers
  public record Line(
      String topic,
      int partition,
      long first,
      long next,
      long applied,
      long ignored,
      long duplicate,
      long dead,
      long gaps) {}

  private static final String LEDGER =
      """
      SELECT topic, partition, first_offset, next_offset, applied, ignored, duplicate, dead, gaps
        FROM intake_ledger
       ORDER BY topic, partition
      """;

  /// Reads both.
  ///
  /// @param beside tables in which something waits to be published beside the outbox
  public static Inspection of(Connection connection, String... beside) throws SQLException {
    List<Line> ledger = Sql.query(connection, LEDGER, Parameters.none(), Inspection::line);
    var inspection = new Inspection(ledger, 0, null);
    inspection = inspection.with(Backlog.of(connection, Backlog.OUTBOX, WAITING_MAX));
    for (String table : beside) {
      inspection = inspection.with(Backlog.of(connection, table, WAITING_MAX));
    }
    return inspection;
  }

  /// The same, with what else waits to be published.
  Inspection with(Backlog more) {
    Instant since = more.oldestAt();
    Instant oldest =
        oldestAt == null || (since != null && since.isBefore(oldestAt)) ? since : oldestAt;
    return new Inspection(ledger, Math.min(WAITING_MAX, waiting + more.rows()), oldest);
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getString(1),
        row.getInt(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9));
  }
}
