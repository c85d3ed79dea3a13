package dev.quittance.receipts.store;

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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The receipts as the mail room's work table: claimed under a lease, so that a sender that dies
/// holds up nothing for longer than that, and settled together with what the world is told.
public final class WorkTable {

  private static final String PICK =
      """
      SELECT id, order_id, kind, subject, series, number, edition, attempts, since, recipient, content, token,
             traceparent, webhook_received_at,
             %s
        FROM receipts
       WHERE status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
         AND (status <> 'sending' OR (? AND id <> ALL (?)))
       ORDER BY next_attempt_at, id
       LIMIT ?
         FOR UPDATE SKIP LOCKED
      """
          .formatted(MailOutages.countedFrom("receipts"));

  private static final String PICK_TRIED_LEAST =
      PICK.replace("ORDER BY next_attempt_at", "ORDER BY attempts, next_attempt_at");

  private static final String LEASE =
      """
      UPDATE receipts AS taken
         SET status = 'sending', attempts = taken.attempts + 1, number = given.number,
             lease_owner = ?, next_attempt_at = ?
        FROM unnest(?::text[], ?::text[]) AS given (id, number)
       WHERE taken.id = given.id
      """;

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

  /// Put back for later, whatever its status: this version can't read it, the next one may.
  private static final String POSTPONE =
      """
      UPDATE receipts
         SET next_attempt_at = ?, reason_code = 'unreadable',
             reason_message = 'What it says can''t be read by this version.'
       WHERE id = ANY (?)
      """;

  /// Long enough that unreadable receipts don't crowd out the others; a fixed version sends them
  /// within this.
  static final Duration POSTPONED = Duration.ofHours(1);

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
    return Transactions.inExchange(
        database,
        exchange -> {
          List<Receipt.Sending> claimed =
              numbered(exchange, pick(exchange, limit, granted, orphans, held, trial, now), now);
          lease(exchange, claimed, granted);
          return claimed;
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
                  .column(held)
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

  private static List<Receipt.Sending> pick(
      Exchange exchange,
      int limit,
      Lease lease,
      boolean orphans,
      Collection<Receipt.Sending> held,
      boolean trial,
      Instant now)
      throws SQLException {
    var unreadable = new ArrayList<String>();
    List<Optional<Receipt.Sending>> rows =
        exchange
            .ask(
                trial ? PICK_TRIED_LEAST : PICK,
                Parameters.none()
                    .instant(now)
                    .flag(orphans)
                    .column(held)
                    .text(sending -> sending.key().id())
                    .end()
                    .number(limit),
                row -> {
                  try {
                    return Optional.of(sending(row, lease));
                  } catch (UnreadableEvent | IllegalArgumentException e) {
                    unreadable.add(row.getString(1));
                    return Optional.<Receipt.Sending>empty();
                  }
                })
            .rows();
    if (!unreadable.isEmpty()) {
      exchange.write(
          POSTPONE,
          Parameters.none().instant(now.plus(POSTPONED)).column(unreadable).text(id -> id).end());
    }
    return rows.stream().flatMap(Optional::stream).toList();
  }

  /// Receipts that are tried for the first time get their numbers.
  private List<Receipt.Sending> numbered(
      Exchange exchange, List<Receipt.Sending> picked, Instant now) throws SQLException {
    List<String> series =
        picked.stream()
            .filter(sending -> sending.number().isEmpty())
            .map(sending -> sending.draft().series())
            .toList();
    if (series.isEmpty()) {
      return picked;
    }
    Iterator<String> numbers =
        Numbers.take(exchange, series, now.atZone(zone).getYear()).iterator();
    return picked.stream()
        .map(sending -> sending.number().isEmpty() ? withNumber(sending, numbers.next()) : sending)
        .toList();
  }

  private static void lease(Exchange exchange, List<Receipt.Sending> claimed, Lease lease)
      throws SQLException {
    if (!claimed.isEmpty()) {
      exchange.write(
          LEASE,
          Parameters.none()
              .text(lease.owner())
              .instant(lease.until())
              .column(claimed)
              .text(sending -> sending.key().id())
              .text(Receipt.Sending::number)
              .end());
    }
  }

  private static Receipt.Sending withNumber(Receipt.Sending sending, String number) {
    return new Receipt.Sending(
        sending.key(),
        sending.draft(),
        number,
        sending.token(),
        sending.edition(),
        sending.attempt(),
        sending.since(),
        sending.countedFrom(),
        sending.lease(),
        sending.origin());
  }

  private static Receipt.Sending sending(ResultSet row, Lease lease) throws SQLException {
    String number = row.getString(6);
    var content =
        WireFormat.read(row.getString(11).getBytes(StandardCharsets.UTF_8), ReceiptContent.class);
    return new Receipt.Sending(
        Book.key(row, 2),
        new Draft(content, row.getString(10), row.getString(5)),
        number == null ? "" : number,
        row.getObject(12, UUID.class),
        row.getInt(7),
        row.getInt(8) + 1,
        row.getObject(9, OffsetDateTime.class).toInstant(),
        row.getObject(15, OffsetDateTime.class).toInstant(),
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
