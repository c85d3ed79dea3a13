package dev.quittance.inboxoutbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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

  private static final String OUTBOX =
      """
      SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT ?) AS counted), (SELECT min(created_at) FROM outbox)
      """;

  /// Reads both.
  public static Inspection of(Connection connection) throws SQLException {
    var ledger = new ArrayList<Line>();
    try (PreparedStatement lines = connection.prepareStatement(LEDGER);
        PreparedStatement outbox = connection.prepareStatement(OUTBOX)) {
      try (ResultSet rows = lines.executeQuery()) {
        while (rows.next()) {
          ledger.add(
              new Line(
                  rows.getString(1),
                  rows.getInt(2),
                  rows.getLong(3),
                  rows.getLong(4),
                  rows.getLong(5),
                  rows.getLong(6),
                  rows.getLong(7),
                  rows.getLong(8),
                  rows.getLong(9)));
        }
      }
      outbox.setInt(1, WAITING_MAX);
      try (ResultSet row = outbox.executeQuery()) {
        row.next();
        OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
        return new Inspection(ledger, row.getLong(1), oldest == null ? null : oldest.toInstant());
      }
    }
  }

  /// The same, with what waits to be published elsewhere.
  public Inspection with(long more, @Nullable Instant moreSince) {
    Instant oldest =
        oldestAt == null || (moreSince != null && moreSince.isBefore(oldestAt))
            ? moreSince
            : oldestAt;
    return new Inspection(ledger, Math.min(WAITING_MAX, waiting + more), oldest);
  }
}
