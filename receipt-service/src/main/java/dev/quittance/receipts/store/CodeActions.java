package dev.quittance.receipts.store;

import dev.quittance.contracts.Customer;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.inboxoutbox.Transactions;
import dev.quittance.receipts.receipt.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What people do with letters that hold a code: have them sent again, or discard the code. A code
/// that a customer bought goes for no other reason than that it was delivered, that an
/// administrator discards it, or that its customer is erased.
public final class CodeActions {

  /// The reason of a letter whose code was discarded.
  static final String DISCARDED = "discarded";

  /// Orders are locked before what belongs to them, here as everywhere.
  private static final String LOCK =
      "SELECT id FROM orders WHERE id = (SELECT order_id FROM code_letters WHERE id = ?) FOR UPDATE";

  private static final String FIND =
      """
      SELECT letter.status, letter.edition, letter.recipient, letter.reason_code,
             letter.content IS NOT NULL, letter.code IS NOT NULL, o.erased_at IS NOT NULL
        FROM code_letters AS letter
        JOIN orders AS o ON o.id = letter.order_id
       WHERE letter.id = ?
         FOR UPDATE OF letter
      """;

  private static final String ASKED =
      "SELECT action, recipient, request FROM code_letter_actions WHERE letter_id = ? AND idempotency_key = ?";

  private static final String RESEND =
      """
      UPDATE code_letters AS letter
         SET status = 'due', edition = letter.edition + 1, attempts = 0, since = ?, next_attempt_at = ?,
             recipient = again.recipient, reason_code = NULL, message_id = NULL, undeliverable_at = NULL
        FROM unnest(?::text[], ?::text[]) AS again (id, recipient)
       WHERE letter.id = again.id
      """;

  private static final String DISCARD =
      """
      UPDATE code_letters
         SET status = 'undeliverable', code = NULL, reason_code = ?, undeliverable_at = ?
       WHERE id = ?
      """;

  private static final String AUDIT =
      """
      INSERT INTO code_letter_actions
             (letter_id, action, edition, at, by, recipient, idempotency_key, request, was, was_reason_code)
      SELECT id, ?, edition, ?, ?, recipient, ?, ?, was, was_reason
        FROM unnest(?::text[], ?::int[], ?::text[], ?::text[], ?::text[])
             AS done (id, edition, recipient, was, was_reason)
      """;

  private final DataSource database;
  private final Clock clock;

  public CodeActions(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of a request.
  public sealed interface Answer {

    /// It is done, or was by the same request before.
    ///
    /// @param to where the letter goes, masked; null when the code was discarded
    record Done(@Nullable String to) implements Answer {}

    /// There is no such letter.
    record Unknown() implements Answer {}

    /// The code is gone: it was delivered, discarded or erased.
    record CodeGone() implements Answer {}

    /// It is on its way, or waits for the order's facts.
    record UnderWay(Status status) implements Answer {}

    /// Nobody has said where to.
    record Addressless() implements Answer {}

    /// The key was used for another request.
    record KeyReused() implements Answer {}
  }

  /// A letter as it stands.
  record Before(
      String id, int edition, String status, @Nullable String recipient, @Nullable String reason) {
    @Override
    public String toString() {
      return "Before[" + id + "]";
    }
  }

  /// Makes a letter due once more, to the same or a corrected address, with a `Message-ID` of its
  /// own.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public Answer resend(String id, ResendRequest request) {
    return act(
        id,
        "resend",
        request,
        (transaction, before, status, complete, now) -> {
          boolean ready =
              switch (status) {
                case UNDELIVERABLE, SKIPPED, RETRYING -> complete;
                case SENT, WAITING, DUE, SENDING -> false;
              };
          if (!ready) {
            return new Answer.UnderWay(status);
          }
          String to = request.to().isPresent() ? request.to().get() : before.recipient();
          if (to == null) {
            return new Answer.Addressless();
          }
          resend(transaction, List.of(before), List.of(to), request, now);
          return new Answer.Done(Customer.masked(to));
        });
  }

  /// Deletes the code of a letter that was not delivered. It can't be brought back.
  ///
  /// @param request its address counts for nothing
  /// @throws DatabaseAway when the database doesn't answer
  public Answer discard(String id, ResendRequest request) {
    return act(
        id,
        "discard",
        request,
        (transaction, before, status, _, now) -> {
          // somebody may have corrected its address since: it is as good as delivered
          if (status != Status.UNDELIVERABLE && status != Status.SKIPPED) {
            return new Answer.UnderWay(status);
          }
          try (PreparedStatement statement = transaction.prepareStatement(DISCARD)) {
            statement.setString(1, DISCARDED);
            statement.setObject(2, WorkTable.atUtc(now));
            statement.setString(3, id);
            statement.executeUpdate();
          }
          var exchange = new Exchange(transaction);
          audit(exchange, "discard", List.of(before), List.of(before.edition()), request, now);
          exchange.send();
          return new Answer.Done(null);
        });
  }

  /// Makes letters due once more whose locks the caller holds.
  ///
  /// @param to where to, by letter
  static void resend(
      Connection transaction,
      List<Before> letters,
      List<String> to,
      ResendRequest request,
      Instant now)
      throws SQLException {
    var again = new ArrayList<Before>();
    var editions = new ArrayList<Integer>();
    for (int i = 0; i < letters.size(); i++) {
      Before letter = letters.get(i);
      again.add(
          new Before(letter.id(), letter.edition(), letter.status(), to.get(i), letter.reason()));
      editions.add(letter.edition() + 1);
    }
    var exchange = new Exchange(transaction);
    exchange.write(
        RESEND,
        Parameters.none()
            .instant(now)
            .instant(now)
            .rows(again)
            .text(Before::id)
            .text(Before::recipient)
            .end());
    audit(exchange, "resend", again, editions, request, now);
    exchange.send();
  }

  private static void audit(
      Exchange exchange,
      String action,
      List<Before> letters,
      List<Integer> editions,
      ResendRequest request,
      Instant now)
      throws SQLException {
    exchange.write(
        AUDIT,
        Parameters.none()
            .text(action)
            .instant(now)
            .text(request.by())
            .text(request.key().orElse(null))
            .text(request.digest())
            .rows(letters)
            .text(Before::id)
            .end()
            .rows(editions)
            .ints(Integer::intValue)
            .end()
            .rows(letters)
            .words(letter -> Resends.masked(letter.recipient()))
            .text(Before::status)
            .words(Before::reason)
            .end());
  }

  @FunctionalInterface
  private interface Action {
    Answer on(Connection transaction, Before before, Status status, boolean complete, Instant now)
        throws SQLException;
  }

  private Answer act(String id, String name, ResendRequest request, Action action) {
    try {
      return Transactions.in(
          database,
          transaction -> {
            try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
              statement.setString(1, id);
              statement.execute();
            }
            try (PreparedStatement statement = transaction.prepareStatement(FIND)) {
              statement.setString(1, id);
              try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                  return new Answer.Unknown();
                }
                Optional<Answer> first = first(transaction, id, name, request);
                if (first.isPresent()) {
                  return first.get();
                }
                if (!row.getBoolean(6) || row.getBoolean(7)) {
                  return new Answer.CodeGone();
                }
                var before =
                    new Before(
                        id, row.getInt(2), row.getString(1), row.getString(3), row.getString(4));
                return action.on(
                    transaction,
                    before,
                    Status.named(before.status()),
                    row.getBoolean(5),
                    clock.instant());
              }
            }
          });
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// What the same request was told before, if it was made before.
  private static Optional<Answer> first(
      Connection transaction, String id, String action, ResendRequest request) throws SQLException {
    if (request.key().isEmpty()) {
      return Optional.empty();
    }
    try (PreparedStatement statement = transaction.prepareStatement(ASKED)) {
      statement.setString(1, id);
      statement.setString(2, request.key().get());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        boolean same = row.getString(1).equals(action) && row.getString(3).equals(request.digest());
        return Optional.of(
            same
                ? new Answer.Done(action.equals("resend") ? row.getString(2) : null)
                : new Answer.KeyReused());
      }
    }
  }
}
