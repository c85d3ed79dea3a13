package dev.quittance.receipts.store;

import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.receipt.Draft;
import dev.quittance.receipts.receipt.Lease;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The receipts as the mail room's work table: claimed under a lease, so that a sender that dies
/// holds up nothing for longer than that, and settled together with what the world is told.
public final class WorkTable {

  private static final String CLAIM =
      """
      WITH picked AS (
        SELECT id
          FROM receipts
         WHERE status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
         ORDER BY next_attempt_at, id
         LIMIT ?
           FOR UPDATE SKIP LOCKED)
      UPDATE receipts AS taken
         SET status = 'sending', attempts = taken.attempts + 1, lease_owner = ?, next_attempt_at = ?
        FROM picked
       WHERE taken.id = picked.id
      RETURNING taken.order_id, taken.kind, taken.subject, taken.series, taken.number, taken.edition,
                taken.attempts, taken.since, taken.recipient, taken.content
      """;

  private static final String NUMBER =
      """
      UPDATE receipts AS taken
         SET number = given.number
        FROM unnest(?::text[], ?::text[]) AS given (id, number)
       WHERE taken.id = given.id
      """;

  private static final String BACKLOG =
      """
      SELECT count(*), min(since)
        FROM receipts
       WHERE status IN ('due', 'retrying', 'sending') AND since <= ?
      """;

  private final DataSource database;
  private final Settling settling;
  private final ZoneId zone;
  private final Clock clock;

  /// @param zone decides which year a number belongs to
  public WorkTable(DataSource database, ZoneId zone, Clock clock) {
    this.database = database;
    this.settling = new Settling(clock);
    this.zone = zone;
    this.clock = clock;
  }

  /// Takes up to so many receipts that may be sent now, the longest due first. Those whose lease
  /// ran out are among them.
  public List<Receipt.Sending> claim(int limit, String owner, Duration lease) throws SQLException {
    Instant now = clock.instant();
    return inTransaction(transaction -> {
      List<Taken> taken = take(transaction, limit, new Lease(owner, now.plus(lease)), now);
      return numbered(transaction, taken, now);
    });
  }

  /// Writes what became of receipts, and tells the world, in one transaction. What has been settled
  /// by another in the meantime stays as it is, except that the mail server's acceptance always
  /// counts.
  ///
  /// @param outcomes sent, retrying or undeliverable
  public void settle(List<Receipt> outcomes) throws SQLException {
    inTransaction(transaction -> {
      settling.settle(transaction, outcomes);
      return outcomes.size();
    });
  }

  /// How many receipts are due and not settled, and since when the oldest of them.
  public Backlog backlog() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(BACKLOG)) {
      statement.setObject(1, atUtc(clock.instant()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
        return new Backlog(row.getLong(1), oldest == null ? null : oldest.toInstant());
      }
    }
  }

  /// @param oldest null when there is none
  public record Backlog(long receipts, @Nullable Instant oldest) {}

  private static List<Taken> take(Connection transaction, int limit, Lease lease, Instant now)
      throws SQLException {
    var taken = new ArrayList<Taken>();
    try (PreparedStatement statement = transaction.prepareStatement(CLAIM)) {
      statement.setObject(1, atUtc(now));
      statement.setInt(2, limit);
      statement.setString(3, lease.owner());
      statement.setObject(4, atUtc(lease.until()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          taken.add(new Taken(sending(row, lease), row.getString(5) != null));
        }
      }
    }
    taken.sort(
        Comparator.comparing((Taken one) -> one.sending().since())
            .thenComparing(one -> one.sending().key().id()));
    return taken;
  }

  private List<Receipt.Sending> numbered(Connection transaction, List<Taken> taken, Instant now)
      throws SQLException {
    List<Receipt.Sending> unnumbered =
        taken.stream().filter(one -> !one.numbered()).map(Taken::sending).toList();
    if (unnumbered.isEmpty()) {
      return taken.stream().map(Taken::sending).toList();
    }
    List<String> numbers =
        Numbers.take(
            transaction,
            unnumbered.stream().map(sending -> sending.draft().series()).toList(),
            now.atZone(zone).getYear());
    var given = new ArrayList<Receipt.Sending>();
    for (int i = 0; i < unnumbered.size(); i++) {
      given.add(withNumber(unnumbered.get(i), numbers.get(i)));
    }
    try (PreparedStatement statement = transaction.prepareStatement(NUMBER)) {
      Columns.of(transaction, statement, given)
          .text(sending -> sending.key().id().value())
          .text(Receipt.Sending::number);
      statement.executeUpdate();
    }
    taken.stream().filter(Taken::numbered).map(Taken::sending).forEach(given::add);
    return given;
  }

  private static Receipt.Sending withNumber(Receipt.Sending sending, String number) {
    return new Receipt.Sending(
        sending.key(),
        sending.draft(),
        number,
        sending.edition(),
        sending.attempt(),
        sending.since(),
        sending.lease());
  }

  private static Receipt.Sending sending(ResultSet row, Lease lease) throws SQLException {
    String number = row.getString(5);
    var content =
        WireFormat.read(row.getString(10).getBytes(StandardCharsets.UTF_8), ReceiptContent.class);
    return new Receipt.Sending(
        Book.key(row),
        new Draft(content, row.getString(9), row.getString(4)),
        number == null ? "" : number,
        row.getInt(6),
        row.getInt(7),
        row.getObject(8, OffsetDateTime.class).toInstant(),
        lease);
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      try {
        T result = work.in(transaction);
        transaction.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        transaction.rollback();
        throw e;
      } finally {
        transaction.setAutoCommit(true);
      }
    }
  }

  static OffsetDateTime atUtc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private record Taken(Receipt.Sending sending, boolean numbered) {}

  @FunctionalInterface
  private interface Work<T> {
    T in(Connection transaction) throws SQLException;
  }
}
