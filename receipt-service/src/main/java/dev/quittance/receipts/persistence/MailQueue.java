package dev.quittance.receipts.persistence;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.Transactions;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.Lease;
import dev.quittance.receipts.receipt.MailKind;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The mails to be sent, of all kinds: claimed under a lease, so that an instance that dies holds
/// up nothing for longer than that, and settled together with what subscribers are notified of.
/// Each instance of the service has one.
public final class MailQueue {

  private static final String CLAIMABLE =
      """
      SELECT id, series, number, next_attempt_at AS due
        FROM mails
       WHERE status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
         AND (status <> 'sending' OR (? AND id <> ALL (?)))
      """;

  /// Which mails are taken first.
  public enum ClaimOrder {
    /// Codes, then receipts; of each the longest due.
    LONGEST_DUE("=", "<>", "next_attempt_at, id"),

    /// For a server that is only tried with a mail now and then: of each kind those that were tried
    /// least, so that a heap of refused ones doesn't hide one that would be taken.
    LEAST_TRIED_CODES_FIRST("=", "<>", "attempts, next_attempt_at, id"),

    /// The same with the kinds in their other turn: it may refuse one kind for what it is.
    LEAST_TRIED_RECEIPTS_FIRST("<>", "=", "attempts, next_attempt_at, id");

    private final String claim;

    ClaimOrder(String first, String second, String order) {
      this.claim = claim(first, second, order);
    }

    /// Picks one kind, and the other as far as there is room for it, each by its index. Gives
    /// receipts that are tried for the first time their numbers, and leases.
    private static String claim(String first, String second, String order) {
      return """
      WITH first AS MATERIALIZED (%1$s AND kind %2$s 'code'
             ORDER BY %4$s LIMIT ? FOR UPDATE SKIP LOCKED),
           second AS MATERIALIZED (%1$s AND kind %3$s 'code'
             ORDER BY %4$s LIMIT greatest(0, ? - (SELECT count(*) FROM first)) FOR UPDATE SKIP LOCKED),
           picked AS MATERIALIZED (SELECT * FROM first UNION ALL SELECT * FROM second),
           unnumbered AS (SELECT id, series, due FROM picked WHERE number IS NULL AND series IS NOT NULL),
           %6$s
      UPDATE mails AS taken
         SET status = 'sending', attempts = taken.attempts + 1, number = coalesce(taken.number, given.number),
             lease_owner = ?, next_attempt_at = ?
        FROM picked LEFT JOIN given ON given.id = picked.id
       WHERE taken.id = picked.id
      RETURNING taken.id, taken.order_id, taken.kind, taken.subject, taken.number, taken.token, taken.code,
                taken.content, taken.recipient, taken.edition, taken.attempts, taken.since, %5$s,
                taken.traceparent, taken.webhook_received_at, picked.due
      """
          .formatted(
              CLAIMABLE,
              first,
              second,
              order,
              MailOutages.countedFrom("taken"),
              ReceiptNumbers.GIVEN);
    }
  }

  /// How many mails are taken.
  ///
  /// @param first of the kind that goes first, at most
  /// @param all in all; of the kind that goes first there may be more
  public record Room(int first, int all) {

    /// So many, of whatever kinds.
    public static Room of(int all) {
      return new Room(all, all);
    }
  }

  private static final String HELD =
      """
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  /// As long as nobody else has it, a lease may be prolonged even after it ran out.
  private static final String RENEW = "UPDATE mails AS held SET next_attempt_at = ?\n" + HELD;

  /// As if it had not been claimed, except that a receipt keeps its number: not even `due`, since
  /// whatever is due may still be withdrawn.
  private static final String GIVE_BACK =
      """
      UPDATE mails AS held
         SET status = 'retrying', attempts = held.attempts - 1, lease_owner = NULL,
             next_attempt_at = least(held.since, ?)
      """
          + HELD;

  /// Put back for later, whatever its status: this version can't read it, the next one may. Unless
  /// somebody has taken it meanwhile.
  private static final String POSTPONE =
      """
      UPDATE mails
         SET next_attempt_at = ?, reason_code = 'unreadable',
             reason_message = 'What it says can''t be read by this version.'
       WHERE id = ANY (?) AND status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
      """;

  /// Each time that something can't be read, that is put aside, and the rest is claimed anew.
  private static final int CLAIMS_MAX = 10;

  /// Long enough that unreadable mails don't crowd out the others; a fixed version sends them
  /// within this.
  private static final Duration POSTPONED = Duration.ofHours(1);

  private static final String BACKLOG =
      """
      SELECT count(*), min(since)
        FROM mails
       WHERE status IN ('due', 'retrying', 'sending') AND since <= ?
      """;

  /// Each kind has its index.
  private static final Map<MailKind, String> BACKLOGS =
      Map.of(
          MailKind.CODE, BACKLOG + " AND kind = 'code'",
          MailKind.RECEIPT, BACKLOG + " AND kind <> 'code'");

  private static final String KEPT_CODES =
      "SELECT count(*) FROM mails WHERE code IS NOT NULL AND status IN ('undeliverable', 'skipped')";

  private static final Comparator<Claimed> BY_DUE =
      comparing(Claimed::due).thenComparing(claimed -> claimed.mail.id());

  private static final Comparator<Claimed> BY_ATTEMPTS =
      comparingInt(claimed -> claimed.mail.attempt());

  private final DataSource database;
  private final SettleMails settling;
  private final ZoneId zone;
  private final Duration lease;
  private final Clock clock;
  private final String owner = UUID.randomUUID().toString();

  /// @param zone decides which year a number belongs to
  /// @param lease how long mails of an instance that died are missed
  public MailQueue(DataSource database, ZoneId zone, Duration lease, Clock clock) {
    this.database = database;
    this.settling = new SettleMails(clock);
    this.zone = zone;
    this.lease = lease;
    this.clock = clock;
  }

  /// @param due since when it could be taken
  private record Claimed(ClaimedMail mail, Instant due) {}

  /// Takes mails that may be sent now.
  ///
  /// @param orphans whether those are among them whose lease ran out
  /// @param held what is in hand already: who was stopped or kept waiting for longer than a lease
  ///   lasts is not to take from himself what he is just sending
  public List<ClaimedMail> claim(
      Room room, boolean orphans, Collection<ClaimedMail> held, ClaimOrder order)
      throws SQLException {
    Instant now = clock.instant();
    Grant grant = grant(room.all);
    Lease granted = grant.lease();
    Parameters wanted = claimable(Parameters.none(), now, orphans, held).number(room.first);
    claimable(wanted, now, orphans, held).number(room.all);
    wanted.number(grant.year()).text(owner).instant(granted.until());
    for (int i = 0; i < CLAIMS_MAX; i++) {
      Claim claim = claim(order.claim, wanted, granted);
      if (claim.unreadable.isEmpty()) {
        return claim.claimed.stream()
            .sorted(order == ClaimOrder.LONGEST_DUE ? BY_DUE : BY_ATTEMPTS.thenComparing(BY_DUE))
            .map(Claimed::mail)
            .toList();
      }
      postpone(claim.unreadable, now);
    }
    return List.of(); // the rest of them an hour after they are put aside
  }

  /// The right to claim so many receipts as they are written. What is claimed so is renewed, given
  /// back and settled like what was claimed from the table.
  public Grant grant(int mails) {
    Instant now = clock.instant();
    return new Grant(mails, new Lease(owner, now.plus(lease)), now.atZone(zone).getYear());
  }

  private static Parameters claimable(
      Parameters parameters, Instant now, boolean orphans, Collection<ClaimedMail> held) {
    return parameters.instant(now).flag(orphans).rows(held).text(ClaimedMail::id).end();
  }

  /// @param unreadable what can't be read: then nothing is claimed, nor numbered
  private record Claim(List<Claimed> claimed, List<String> unreadable) {}

  private Claim claim(String sql, Parameters wanted, Lease granted) throws SQLException {
    return Transactions.in(
        database,
        transaction -> {
          var claim = new Claim(new ArrayList<>(), new ArrayList<>());
          var exchange = new StatementPipeline(transaction);
          exchange.ask(sql, wanted, row -> read(row, granted, claim)).rows();
          if (claim.unreadable.isEmpty()) {
            exchange.commit();
          } else {
            transaction.rollback();
          }
          return claim;
        });
  }

  private static boolean read(ResultSet row, Lease granted, Claim claim) throws SQLException {
    try {
      return claim.claimed.add(new Claimed(mail(row, granted), Columns.instant(row, 16)));
    } catch (UnreadableEvent | IllegalArgumentException e) {
      return claim.unreadable.add(row.getString(1));
    }
  }

  private static ClaimedMail mail(ResultSet row, Lease granted) throws SQLException {
    return new ClaimedMail(
        row.getString(1),
        new OrderId(row.getString(2)),
        body(row),
        Columns.read(row.getString(8), ReceiptContent.class),
        row.getString(9),
        row.getInt(10),
        row.getInt(11),
        Columns.instant(row, 12),
        Columns.instant(row, 13),
        granted,
        new Origin(row.getString(14), Columns.instantOrNull(row, 15)));
  }

  private static ClaimedMail.Body body(ResultSet row) throws SQLException {
    return Columns.CODE.equals(row.getString(3))
        ? new ClaimedMail.Body.Code(row.getString(7))
        : new ClaimedMail.Body.Receipt(
            ReceiptRepository.key(row, 2), row.getString(5), row.getObject(6, UUID.class));
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

  /// Prolongs the leases of what is in hand, as far as nobody else has taken it.
  public void renew(List<ClaimedMail> held) throws SQLException {
    write(RENEW, held, clock.instant().plus(lease));
  }

  /// Gives up the leases of what is in hand and wasn't tried: it is due as before.
  public void giveBack(List<ClaimedMail> untried) throws SQLException {
    write(GIVE_BACK, untried, clock.instant());
  }

  private void write(String change, List<ClaimedMail> held, Instant at) throws SQLException {
    Transactions.inExchange(
        database,
        exchange -> {
          exchange.write(
              change,
              Parameters.none()
                  .instant(at)
                  .rows(held)
                  .text(ClaimedMail::id)
                  .ints(ClaimedMail::attempt)
                  .end()
                  .text(owner));
          return held;
        });
  }

  /// Writes down what mails have come to, with what subscribers are notified of. What has been
  /// settled by another in the meantime stays as it is, except that the mail server's acceptance
  /// always counts. It may be called again with the same ones: if it fails, some may be written.
  ///
  /// @return whether receipts that waited for these may go now
  public boolean settle(List<MailOutcome> outcomes) throws SQLException {
    Set<OrderId> left =
        SettleMails.orders(
            Transactions.inExchange(database, exchange -> settling.settle(exchange, outcomes)));
    if (left.isEmpty()) {
      return false;
    }
    List<MailOutcome> theirs =
        outcomes.stream().filter(outcome -> left.contains(outcome.mail().order())).toList();
    return Transactions.inExchange(
        database, exchange -> settling.settleAndGiveTurns(exchange, theirs));
  }

  /// How many mails of a kind are due and not settled, and since when the oldest of them.
  public Backlog backlog(MailKind kind) throws SQLException {
    return Sql.query(
            database,
            BACKLOGS.getOrDefault(kind, BACKLOG),
            Parameters.none().instant(clock.instant()),
            row -> new Backlog(row.getLong(1), Columns.instantOrNull(row, 2)))
        .getFirst();
  }

  /// @param oldest null when there is none
  public record Backlog(long mails, @Nullable Instant oldest) {}

  /// How many codes are kept whose mails were given up, or have no address to go to.
  public long keptCodes() throws SQLException {
    return Sql.query(database, KEPT_CODES, Parameters.none(), row -> row.getLong(1)).getFirst();
  }
}
