package dev.quittance.receipts.store;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.inboxoutbox.Transactions;
import dev.quittance.receipts.receipt.Draft;
import dev.quittance.receipts.receipt.Lease;
import dev.quittance.receipts.receipt.Origin;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The receipts as the mail room's work table: claimed under a lease, so that a sender that dies
/// holds up nothing for longer than that, and settled together with what the world is told.
public final class WorkTable {

  /// Picks, gives those that are tried for the first time their numbers (`{series}-{year}-{n}`,
  /// without gaps, since the counter is part of the transaction), and leases.
  private static final String CLAIM =
      """
      WITH picked AS MATERIALIZED (
             SELECT id, series, number, next_attempt_at AS due
               FROM receipts
              WHERE status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
                AND (status <> 'sending' OR (? AND id <> ALL (?)))
              ORDER BY next_attempt_at, id
              LIMIT ?
                FOR UPDATE SKIP LOCKED),
           counters AS (
             INSERT INTO receipt_numbers AS counter (series, year, last)
             SELECT series, ?, count(*) FROM picked WHERE number IS NULL GROUP BY series ORDER BY series
             ON CONFLICT (series, year) DO UPDATE SET last = counter.last + excluded.last
             RETURNING series, year, last),
           given AS (
             SELECT picked.id,
                    concat_ws('-', series, counters.year, counters.last + 1 - row_number() OVER (PARTITION BY series ORDER BY due DESC, picked.id DESC)) AS number
               FROM picked JOIN counters USING (series)
              WHERE picked.number IS NULL)
      UPDATE receipts AS taken
         SET status = 'sending', attempts = taken.attempts + 1, number = coalesce(taken.number, given.number),
             lease_owner = ?, next_attempt_at = ?
        FROM picked LEFT JOIN given ON given.id = picked.id
       WHERE taken.id = picked.id
      RETURNING taken.id, taken.order_id, taken.kind, taken.subject, taken.series, taken.number, taken.edition,
                taken.attempts, taken.since, taken.recipient, taken.content, taken.token, taken.traceparent,
                taken.webhook_received_at, picked.due,
                %s
      """
          .formatted(MailOutages.countedFrom("taken"));

  private static final String CLAIM_TRIED_LEAST =
      CLAIM.replace("ORDER BY next_attempt_at", "ORDER BY attempts, next_attempt_at");

  /// As long as nobody else has it, a lease may be prolonged even after it ran out.
  private static final String RENEW =
      """
      UPDATE receipts AS held
         SET next_attempt_at = ?
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  /// As if it had not been claimed, except that it keeps its number: not even `due`, since whatever
  /// is due may still be withdrawn.
  private static final String GIVE_BACK =
      """
      UPDATE receipts AS held
         SET status = 'retrying', attempts = held.attempts - 1, lease_owner = NULL,
             next_attempt_at = least(held.since, ?)
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  /// Put back for later, whatever its status: this version can't read it, the next one may. Unless
  /// somebody has taken it meanwhile.
  private static final String POSTPONE =
      """
      UPDATE receipts
         SET next_attempt_at = ?, reason_code = 'unreadable',
             reason_message = 'What it says can''t be read by this version.'
       WHERE id = ANY (?) AND status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
      """;

  /// Each time that something can't be read, that is put aside, and the rest is claimed anew.
  private static final int CLAIMS_MAX = 10;

  /// Long enough that unreadable receipts don't crowd out the others; a fixed version sends them
  /// within this.
  static final Duration POSTPONED = Duration.ofHours(1);

  private static final String BACKLOG =
      """
      SELECT count(*), min(since)
        FROM receipts
       WHERE status IN ('due', 'retrying', 'sending') AND since <= ?
      """;

  private static final Comparator<Claimed> BY_DUE =
      comparing(Claimed::due).thenComparing(claimed -> claimed.sending.key().id().value());

  private static final Comparator<Claimed> BY_ATTEMPTS =
      comparingInt(claimed -> claimed.sending.attempt());

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

  /// @param due since when it could be taken
  private record Claimed(Receipt.Sending sending, Instant due) {}

  /// Takes up to so many receipts that may be sent now, the longest due first.
  ///
  /// @param orphans whether those are among them whose lease ran out
  /// @param held what the owner has in hand: somebody who was stopped or kept waiting for longer
  ///   than a lease lasts is not to take from himself what he is just sending
  /// @param trial whether those come first that were tried least, and not the longest due
  public List<Receipt.Sending> claim(
      int limit,
      String owner,
      Duration lease,
      boolean orphans,
      Collection<Receipt.Sending> held,
      boolean trial)
      throws SQLException {
    Instant now = clock.instant();
    var granted = new Lease(owner, now.plus(lease));
    Parameters wanted =
        Parameters.none()
            .instant(now)
            .flag(orphans)
            .rows(held)
            .text(sending -> sending.key().id())
            .end()
            .number(limit)
            .number(now.atZone(zone).getYear())
            .text(owner)
            .instant(granted.until());
    for (int i = 0; i < CLAIMS_MAX; i++) {
      Claim claim = claim(trial ? CLAIM_TRIED_LEAST : CLAIM, wanted, granted);
      if (claim.unreadable.isEmpty()) {
        return claim.claimed.stream()
            .sorted(trial ? BY_ATTEMPTS.thenComparing(BY_DUE) : BY_DUE)
            .map(Claimed::sending)
            .toList();
      }
      postpone(claim.unreadable, now);
    }
    return List.of(); // the rest of them an hour after they are put aside
  }

  /// @param unreadable what can't be read: then nothing is claimed, nor numbered
  private record Claim(List<Claimed> claimed, List<String> unreadable) {}

  private Claim claim(String sql, Parameters wanted, Lease lease) throws SQLException {
    return Transactions.in(
        database,
        transaction -> {
          var claim = new Claim(new ArrayList<>(), new ArrayList<>());
          var exchange = new Exchange(transaction);
          exchange.ask(sql, wanted, row -> read(row, lease, claim)).rows();
          if (claim.unreadable.isEmpty()) {
            exchange.commit();
          } else {
            transaction.rollback();
          }
          return claim;
        });
  }

  private static boolean read(ResultSet row, Lease lease, Claim claim) throws SQLException {
    try {
      Instant due = row.getObject(15, OffsetDateTime.class).toInstant();
      return claim.claimed.add(new Claimed(sending(row, lease), due));
    } catch (UnreadableEvent | IllegalArgumentException e) {
      return claim.unreadable.add(row.getString(1));
    }
  }

  private void postpone(List<String> unreadable, Instant now) throws SQLException {
    Transactions.inExchange(
        database,
        exchange -> {
          exchange.write(
              POSTPONE,
              Parameters.none()
                  .instant(now.plus(POSTPONED))
                  .rows(unreadable)
                  .text(id -> id)
                  .end()
                  .instant(now));
          return unreadable;
        });
  }

  /// Prolongs the leases of receipts in hand.
  public void renew(List<Receipt.Sending> held, String owner, Duration lease) throws SQLException {
    held(RENEW, held, owner, clock.instant().plus(lease));
  }

  /// Gives up the leases of receipts that were not tried.
  public void giveBack(List<Receipt.Sending> untried, String owner) throws SQLException {
    held(GIVE_BACK, untried, owner, clock.instant());
  }

  private void held(String change, List<Receipt.Sending> held, String owner, Instant at)
      throws SQLException {
    if (held.isEmpty()) {
      return;
    }
    Transactions.inExchange(
        database,
        exchange -> {
          exchange.write(
              change,
              Parameters.none()
                  .instant(at)
                  .rows(held)
                  .text(sending -> sending.key().id())
                  .ints(Receipt.Sending::attempt)
                  .end()
                  .text(owner));
          return held;
        });
  }

  /// Writes what became of receipts, and tells the world, in one transaction. What has been settled
  /// by another in the meantime stays as it is, except that the mail server's acceptance always
  /// counts.
  ///
  /// @param outcomes sent, retrying or undeliverable
  public void settle(List<Receipt> outcomes) throws SQLException {
    Transactions.inExchange(
        database,
        exchange -> {
          settling.settle(exchange, outcomes);
          return outcomes;
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

  private static Receipt.Sending sending(ResultSet row, Lease lease) throws SQLException {
    var content =
        WireFormat.read(row.getString(11).getBytes(StandardCharsets.UTF_8), ReceiptContent.class);
    return new Receipt.Sending(
        Book.key(row, 2),
        new Draft(content, row.getString(10), row.getString(5)),
        row.getString(6),
        row.getObject(12, UUID.class),
        row.getInt(7),
        row.getInt(8),
        row.getObject(9, OffsetDateTime.class).toInstant(),
        row.getObject(16, OffsetDateTime.class).toInstant(),
        lease,
        origin(row));
  }

  private static Origin origin(ResultSet row) throws SQLException {
    OffsetDateTime received = row.getObject(14, OffsetDateTime.class);
    return new Origin(row.getString(13), received == null ? null : received.toInstant());
  }

  static OffsetDateTime atUtc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
