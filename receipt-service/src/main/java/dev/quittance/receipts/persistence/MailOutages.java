package dev.quittance.receipts.persistence;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Transactions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/// When the mail server was away or refused everybody. That time counts for no mail's end. All
/// instances write down what they see, into spans that don't overlap.
public final class MailOutages {

  /// Two instances that write at once would each miss the other's span.
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('mail_outages'))";

  private static final String FORGET = "DELETE FROM mail_outages WHERE ended < ?";

  private static final String MERGE =
      """
      WITH met AS (DELETE FROM mail_outages WHERE began <= ? AND ended >= ? RETURNING began, ended)
      INSERT INTO mail_outages (began, ended)
      SELECT least(?::timestamptz, min(began)), greatest(?::timestamptz, max(ended)) FROM met
      """;

  /// No mail is tried for as long as that.
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
    Transactions.inExchange(
        database,
        exchange -> {
          exchange.ask(LOCK, Parameters.none(), row -> row.getRow());
          exchange.write(FORGET, Parameters.none().instant(until.minus(KEPT)));
          exchange.write(
              MERGE, Parameters.none().instant(until).instant(began).instant(began).instant(until));
          return began;
        });
  }
}
