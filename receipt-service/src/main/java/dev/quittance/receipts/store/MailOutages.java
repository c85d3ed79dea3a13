package dev.quittance.receipts.store;

import dev.quittance.inboxoutbox.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/// When the mail server was away or refused everybody. That time counts for no letter's end. All
/// instances write down what they see, into spans that don't overlap.
public final class MailOutages {

  /// Two instances that write at once would each miss the other's span.
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('mail_outages'))";

  private static final String FORGET = "DELETE FROM mail_outages WHERE ended < ?";

  private static final String MERGE =
      """
      WITH met AS (DELETE FROM mail_outages WHERE began <= ? AND ended >= ? RETURNING began, ended)
      SELECT least(?::timestamptz, min(began)), greatest(?::timestamptz, max(ended)) FROM met
      """;

  private static final String WRITE = "INSERT INTO mail_outages (began, ended) VALUES (?, ?)";

  /// No letter is tried for as long as that.
  private static final Duration KEPT = Duration.ofDays(400);

  /// From when on the time of a row counts, whose column `since` says when it became due: later by
  /// the outages since.
  static String countedFrom(String table) {
    return """
    %1$s.since + make_interval(secs => (
        SELECT coalesce(sum(extract(epoch FROM outage.ended - greatest(outage.began, %1$s.since))), 0)::float8
          FROM mail_outages AS outage
         WHERE outage.ended > %1$s.since))\
    """
        .formatted(table);
  }

  private final DataSource database;

  public MailOutages(DataSource database) {
    this.database = database;
  }

  /// Writes down that there was an outage, or that it still lasts.
  ///
  /// @param until its end so far
  public void lasted(Instant began, Instant until) throws SQLException {
    Transactions.in(
        database,
        transaction -> {
          try (PreparedStatement lock = transaction.prepareStatement(LOCK)) {
            lock.executeQuery().close();
          }
          try (PreparedStatement forget = transaction.prepareStatement(FORGET)) {
            forget.setObject(1, WorkTable.atUtc(until.minus(KEPT)));
            forget.executeUpdate();
          }
          merge(transaction, began, until);
          return began;
        });
  }

  private static void merge(Connection transaction, Instant began, Instant until)
      throws SQLException {
    try (PreparedStatement merge = transaction.prepareStatement(MERGE)) {
      merge.setObject(1, WorkTable.atUtc(until));
      merge.setObject(2, WorkTable.atUtc(began));
      merge.setObject(3, WorkTable.atUtc(began));
      merge.setObject(4, WorkTable.atUtc(until));
      try (ResultSet row = merge.executeQuery();
          PreparedStatement write = transaction.prepareStatement(WRITE)) {
        row.next();
        write.setObject(1, row.getObject(1, OffsetDateTime.class));
        write.setObject(2, row.getObject(2, OffsetDateTime.class));
        write.executeUpdate();
      }
    }
  }
}
