package dev.quittance.receipts.store;

import dev.quittance.inboxoutbox.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// All that was given up since a time, receipts and letters with codes: counted, or sent again. For
/// after an outage in which a mail server condemned what it should have taken.
public final class UndeliverableMails {

  /// Large enough that a transaction's cost is shared, small enough that nobody waits long for its
  /// locks.
  private static final int BATCH = 500;

  /// So many at a time are answered for within seconds; who has more asks again.
  static final int RESENT_MAX = 10_000;

  private static final String RECEIPTS =
      """
        FROM receipts AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.status = 'undeliverable' AND receipt.undeliverable_at BETWEEN ? AND ? AND o.erased_at IS NULL
         AND receipt.recipient IS NOT NULL AND receipt.content IS NOT NULL
      """;

  private static final String CODES =
      """
        FROM code_letters AS letter
        JOIN orders AS o ON o.id = letter.order_id
       WHERE letter.status = 'undeliverable' AND letter.undeliverable_at BETWEEN ? AND ? AND o.erased_at IS NULL
         AND letter.code IS NOT NULL AND letter.recipient IS NOT NULL AND letter.content IS NOT NULL
      """;

  private static final String COUNT_RECEIPTS = "SELECT count(*)\n" + RECEIPTS;
  private static final String COUNT_CODES = "SELECT count(*)\n" + CODES;

  /// Who holds one of them is just having it sent again.
  private static final String PICK_RECEIPTS =
      "SELECT "
          + Resends.BEFORE
          + "\n"
          + RECEIPTS
          + " ORDER BY receipt.undeliverable_at, receipt.id LIMIT ? FOR UPDATE OF receipt SKIP LOCKED";

  private static final String PICK_CODES =
      "SELECT letter.id, letter.edition, letter.status, letter.recipient, letter.reason_code\n"
          + CODES
          + " ORDER BY letter.undeliverable_at, letter.id LIMIT ? FOR UPDATE OF letter SKIP LOCKED";

  private final DataSource database;
  private final Clock clock;

  public UndeliverableMails(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// How many there are, or were sent again.
  ///
  /// @param codes letters with codes
  /// @param remaining how many are left of both
  public record Count(long receipts, long codes, long remaining) {}

  /// How many could be sent again.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public Count since(Instant since) {
    var span = new Span(since, clock.instant());
    try (Connection connection = database.getConnection()) {
      return new Count(
          count(connection, COUNT_RECEIPTS, span), count(connection, COUNT_CODES, span), 0);
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// @param until later ones may be the same ones, given up again
  private record Span(Instant since, Instant until) {
    void bind(PreparedStatement statement) throws SQLException {
      statement.setObject(1, WorkTable.atUtc(since));
      statement.setObject(2, WorkTable.atUtc(until));
    }
  }

  private static long count(Connection connection, String query, Span span) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      span.bind(statement);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /// Makes them due once more, the longest given up first, to where they went before: codes, then
  /// receipts, up to so many at a time.
  ///
  /// @param by who wants it, for the audit
  /// @throws DatabaseAway when the database doesn't answer; what was done before stays done
  public Count resend(Instant since, String by) {
    var span = new Span(since, clock.instant());
    var request = new ResendRequest(Optional.empty(), by, Optional.empty());
    long codes = 0;
    long receipts = 0;
    try {
      for (int n = BATCH; n == BATCH && codes < RESENT_MAX; codes += n) {
        n = Transactions.in(database, transaction -> codes(transaction, span, request));
      }
      for (int n = BATCH; n == BATCH && codes + receipts < RESENT_MAX; receipts += n) {
        n = Transactions.in(database, transaction -> receipts(transaction, span, by));
      }
      if (codes + receipts < RESENT_MAX) {
        return new Count(receipts, codes, 0);
      }
      try (Connection connection = database.getConnection()) {
        long left = count(connection, COUNT_RECEIPTS, span) + count(connection, COUNT_CODES, span);
        return new Count(receipts, codes, left);
      }
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private int receipts(Connection transaction, Span span, String by) throws SQLException {
    var sendings = new ArrayList<Resends.Again>();
    try (PreparedStatement statement = transaction.prepareStatement(PICK_RECEIPTS)) {
      span.bind(statement);
      statement.setInt(3, BATCH);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Resends.Before before = Resends.Before.of(row);
          sendings.add(new Resends.Again(before, addressed(before.recipient())));
        }
      }
    }
    Resends.make(transaction, sendings, by, null, null, clock.instant());
    return sendings.size();
  }

  private int codes(Connection transaction, Span span, ResendRequest request) throws SQLException {
    var letters = new ArrayList<CodeActions.Before>();
    try (PreparedStatement statement = transaction.prepareStatement(PICK_CODES)) {
      span.bind(statement);
      statement.setInt(3, BATCH);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          letters.add(
              new CodeActions.Before(
                  row.getString(1),
                  row.getInt(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5)));
        }
      }
    }
    List<String> to = letters.stream().map(letter -> addressed(letter.recipient())).toList();
    CodeActions.resend(transaction, letters, to, request, clock.instant());
    return letters.size();
  }

  private static String addressed(@Nullable String recipient) {
    return Objects.requireNonNull(recipient, "only those with one are picked");
  }
}
