package dev.quittance.receipts.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.inboxoutbox.Transactions;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.CodeSending;
import dev.quittance.receipts.receipt.Lease;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The letters with codes, as the mail room's work table. A code is deleted in the very statement
/// that writes down that its letter was sent. One that could not be delivered is kept: the customer
/// has paid for it, and somebody has to send it again or discard it ([CodeActions]).
public final class CodeTable {

  private static final String CLAIM =
      """
      WITH picked AS MATERIALIZED (
             SELECT id
               FROM code_letters
              WHERE status IN ('due', 'retrying', 'sending') AND next_attempt_at <= ?
                AND (status <> 'sending' OR (? AND id <> ALL (?)))
              ORDER BY next_attempt_at, id
              LIMIT ?
                FOR UPDATE SKIP LOCKED)
      UPDATE code_letters AS taken
         SET status = 'sending', attempts = taken.attempts + 1, lease_owner = ?, next_attempt_at = ?
        FROM picked
       WHERE taken.id = picked.id
      RETURNING taken.id, taken.order_id, taken.content, taken.recipient, taken.code, taken.attempts,
                taken.since, taken.edition,
                %s
      """
          .formatted(MailOutages.countedFrom("taken"));

  private static final String CLAIM_TRIED_LEAST =
      CLAIM.replace("ORDER BY next_attempt_at", "ORDER BY attempts, next_attempt_at");

  private static final String RENEW =
      """
      UPDATE code_letters AS held
         SET next_attempt_at = ?
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  /// As if it had not been claimed.
  private static final String GIVE_BACK =
      """
      UPDATE code_letters AS held
         SET status = 'retrying', attempts = held.attempts - 1, lease_owner = NULL,
             next_attempt_at = least(held.since, ?)
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  private static final String SENT =
      """
      UPDATE code_letters
         SET status = 'sent', code = NULL, sent_at = ?, message_id = ?, lease_owner = NULL,
             reason_code = NULL, undeliverable_at = NULL
       WHERE id = ? AND edition = ? AND status <> 'sent'
      """;

  private static final String RETRYING =
      """
      UPDATE code_letters
         SET status = 'retrying', next_attempt_at = ?, reason_code = ?, lease_owner = NULL
       WHERE id = ? AND status = 'sending' AND lease_owner = ? AND attempts = ?
      """;

  private static final String UNDELIVERABLE =
      """
      UPDATE code_letters
         SET status = 'undeliverable', undeliverable_at = ?, reason_code = ?, lease_owner = NULL
       WHERE id = ? AND status = 'sending' AND lease_owner = ? AND attempts = ?
      """;

  /// As if it had not been claimed, but for later: this version can't read it, the next one may.
  private static final String POSTPONE =
      """
      UPDATE code_letters AS held
         SET status = 'retrying', attempts = held.attempts - 1, lease_owner = NULL, next_attempt_at = ?,
             reason_code = 'unreadable'
        FROM unnest(?::text[], ?::int[]) AS mine (id, attempt)
       WHERE held.id = mine.id AND held.status = 'sending'
         AND held.lease_owner = ? AND held.attempts = mine.attempt
      """;

  private static final String BACKLOG =
      """
      SELECT count(*), min(since)
        FROM code_letters
       WHERE status IN ('due', 'retrying', 'sending')
      """;

  private static final String KEPT =
      "SELECT count(*) FROM code_letters WHERE status IN ('undeliverable', 'skipped') AND code IS NOT NULL";

  /// What a person sees of a letter.
  private static final String LISTED =
      """
      SELECT order_id, id, delivery, status, recipient, attempts, sent_at, undeliverable_at, code IS NOT NULL, reason_code
        FROM code_letters
      """;

  private static final String OF_ORDER =
      LISTED
          + """
           WHERE order_id = ?
           ORDER BY created_at, id
           LIMIT ?
          """;

  private static final String KEPT_ONES =
      LISTED
          + """
           WHERE status IN ('undeliverable', 'skipped') AND code IS NOT NULL
           ORDER BY created_at DESC, id
           LIMIT ?
          """;

  /// An order has a code per line at most, and rarely more than one line.
  private static final int LISTED_MAX = 1_000;

  private final DataSource database;
  private final Clock clock;

  public CodeTable(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Takes up to so many letters that may be sent now.
  ///
  /// @param orphans whether those are among them whose lease ran out
  /// @param held what the owner has in hand, which is not taken again
  /// @param trial whether those come first that were tried least, and not the longest due
  public List<CodeSending> claim(
      int limit,
      String owner,
      Duration lease,
      boolean orphans,
      Collection<CodeSending> held,
      boolean trial)
      throws SQLException {
    Instant now = clock.instant();
    var granted = new Lease(owner, now.plus(lease));
    var claimed = new ArrayList<CodeSending>();
    var unreadable = new ArrayList<Unreadable>();
    try (Connection connection = database.getConnection()) {
      var exchange = new Exchange(connection);
      exchange
          .ask(
              trial ? CLAIM_TRIED_LEAST : CLAIM,
              Parameters.none()
                  .instant(now)
                  .flag(orphans)
                  .rows(held)
                  .text(CodeSending::id)
                  .end()
                  .number(limit)
                  .text(owner)
                  .instant(granted.until()),
              row -> {
                try {
                  return claimed.add(sending(row, granted));
                } catch (UnreadableEvent | IllegalArgumentException e) {
                  return unreadable.add(new Unreadable(row.getString(1), row.getInt(6)));
                }
              })
          .rows();
      if (!unreadable.isEmpty()) {
        exchange.write(
            POSTPONE,
            Parameters.none()
                .instant(now.plus(WorkTable.POSTPONED))
                .rows(unreadable)
                .text(Unreadable::id)
                .ints(Unreadable::attempt)
                .end()
                .text(owner));
        exchange.send();
      }
    }
    return claimed;
  }

  private record Unreadable(String id, int attempt) {}

  private static CodeSending sending(ResultSet row, Lease lease) throws SQLException {
    return new CodeSending(
        row.getString(1),
        new OrderId(row.getString(2)),
        WireFormat.read(row.getString(3).getBytes(StandardCharsets.UTF_8), ReceiptContent.class),
        row.getString(4),
        row.getString(5),
        row.getInt(8),
        row.getInt(6),
        row.getObject(7, OffsetDateTime.class).toInstant(),
        row.getObject(9, OffsetDateTime.class).toInstant(),
        lease);
  }

  /// Prolongs the leases of letters in hand.
  public void renew(List<CodeSending> held, String owner, Duration lease) throws SQLException {
    held(RENEW, held, owner, clock.instant().plus(lease));
  }

  /// Gives up the leases of letters that were not tried.
  public void giveBack(List<CodeSending> untried, String owner) throws SQLException {
    held(GIVE_BACK, untried, owner, clock.instant());
  }

  private void held(String change, List<CodeSending> held, String owner, Instant at)
      throws SQLException {
    Transactions.inExchange(
        database,
        exchange -> {
          exchange.write(
              change,
              Parameters.none()
                  .instant(at)
                  .rows(held)
                  .text(CodeSending::id)
                  .ints(CodeSending::attempt)
                  .end()
                  .text(owner));
          return held;
        });
  }

  /// Writes down what became of letters.
  public void settle(List<CodeOutcome> outcomes) throws SQLException {
    Instant now = clock.instant();
    Transactions.inExchange(
        database,
        exchange -> {
          for (CodeOutcome outcome : outcomes) {
            settle(exchange, outcome, now);
          }
          return outcomes;
        });
  }

  private static void settle(Exchange exchange, CodeOutcome outcome, Instant now)
      throws SQLException {
    CodeSending sending = outcome.sending();
    switch (outcome) {
      case CodeOutcome.Sent(_, var messageId, var at) ->
          exchange.write(
              SENT,
              Parameters.none()
                  .instant(at)
                  .text(messageId)
                  .text(sending.id())
                  .number(sending.edition()));
      case CodeOutcome.Retrying(_, var reason, var next) ->
          exchange.write(
              RETRYING, held(Parameters.none().instant(next).text(reason.code()), sending));
      case CodeOutcome.Undeliverable(_, var reason) ->
          exchange.write(
              UNDELIVERABLE, held(Parameters.none().instant(now).text(reason.code()), sending));
    }
  }

  private static Parameters held(Parameters parameters, CodeSending sending) {
    return parameters.text(sending.id()).text(sending.lease().owner()).number(sending.attempt());
  }

  /// How many letters are due and not settled, and since when the oldest of them.
  public WorkTable.Backlog backlog() throws SQLException {
    return Transactions.in(
        database,
        transaction -> {
          try (PreparedStatement statement = transaction.prepareStatement(BACKLOG);
              ResultSet row = statement.executeQuery()) {
            row.next();
            OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
            return new WorkTable.Backlog(
                row.getLong(1), oldest == null ? null : oldest.toInstant());
          }
        });
  }

  /// How many codes are kept whose letters were given up, or have no address to go to.
  public long kept() throws SQLException {
    return Transactions.in(
        database,
        transaction -> {
          try (PreparedStatement statement = transaction.prepareStatement(KEPT);
              ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /// As [#kept()], for people.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public long countKept() {
    try {
      return kept();
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// A letter with a code as people see it: without the code.
  ///
  /// @param codeKept whether the code is still here
  public record Listed(
      String order,
      String id,
      String delivery,
      String status,
      @Nullable String recipient,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable Instant undeliverableAt,
      boolean codeKept,
      @Nullable String reason) {
    @Override
    public String toString() {
      return "Listed[" + id + "]";
    }
  }

  /// An order's letters, the oldest first.
  public List<Listed> of(OrderId order) {
    return listed(
        OF_ORDER,
        statement -> {
          statement.setString(1, order.value());
          statement.setInt(2, LISTED_MAX);
        });
  }

  /// The letters whose codes are kept although nothing sends them by itself, the newest first.
  public List<Listed> kept(int limit) {
    return listed(KEPT_ONES, statement -> statement.setInt(1, limit));
  }

  @FunctionalInterface
  private interface Binding {
    void to(PreparedStatement statement) throws SQLException;
  }

  private List<Listed> listed(String query, Binding binding) {
    try {
      return Transactions.in(
          database,
          transaction -> {
            var letters = new ArrayList<Listed>();
            try (PreparedStatement statement = transaction.prepareStatement(query)) {
              binding.to(statement);
              try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                  letters.add(
                      new Listed(
                          row.getString(1),
                          row.getString(2),
                          row.getString(3),
                          row.getString(4),
                          row.getString(5),
                          row.getInt(6),
                          instant(row, 7),
                          instant(row, 8),
                          row.getBoolean(9),
                          row.getString(10)));
                }
              }
            }
            return letters;
          });
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
