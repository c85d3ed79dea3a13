package dev.quittance.messaging.outbox;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// What waits to be published, in the outbox or in the table of a [CurrentStates].
///
/// @param rows how many wait, at most as many as were counted
/// @param oldestAt since when the oldest of them waits; null when none does
public record Backlog(long rows, @Nullable Instant oldestAt) {

  /// The table of events.
  public static final String OUTBOX = "outbox";

  /// Asks whether anything waits.
  static StatementPipeline.Answer<Boolean> any(StatementPipeline session, String table)
      throws SQLException {
    return session.ask(
        "SELECT EXISTS (SELECT FROM %s)".formatted(table),
        Parameters.none(),
        row -> row.getBoolean(1));
  }

  /// @param most counting on would take long just when there is trouble already
  public static Backlog of(Connection connection, String table, int most) throws SQLException {
    return Sql.query(
            connection,
            """
            SELECT (SELECT count(*) FROM (SELECT FROM %1$s LIMIT ?) AS counted), (SELECT min(created_at) FROM %1$s)
            """
                .formatted(table),
            Parameters.none().number(most),
            row -> {
              OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
              return new Backlog(row.getLong(1), oldest == null ? null : oldest.toInstant());
            })
        .getFirst();
  }

  /// How long the oldest has been waiting, by the database's clock; zero when none does.
  public static Duration oldestAge(Connection connection, String table) throws SQLException {
    return Sql.query(
            connection,
            "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) FROM %s"
                .formatted(table),
            Parameters.none(),
            row -> Duration.ofMillis((long) (row.getDouble(1) * 1000)))
        .getFirst();
  }
}
