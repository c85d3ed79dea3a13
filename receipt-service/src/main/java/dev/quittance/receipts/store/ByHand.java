package dev.quittance.receipts.store;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.Status;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What people do with single receipts: have them sent again, and look at them.
public final class ByHand {

  private static final String FIND =
      """
      SELECT receipt.status, receipt.recipient, receipt.message_id, receipt.edition,
             receipt.content IS NOT NULL, o.erased_at IS NOT NULL
        FROM receipts AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.id = ?
         FOR UPDATE
      """;

  private static final String RESEND =
      """
      UPDATE receipts
         SET status = 'due', edition = edition + 1, attempts = 0, since = ?, next_attempt_at = ?,
             recipient = ?, reason_code = NULL, reason_message = NULL, message_id = NULL, sent_at = NULL
       WHERE id = ?
      """;

  private static final String AUDIT =
      """
      INSERT INTO receipt_resends (receipt_id, edition, at, by, recipient, was, message_id)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String VIEW =
      """
      SELECT receipt.content, receipt.number, o.erased_at IS NOT NULL
        FROM receipts AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.token = ?
         AND (o.erased_at IS NOT NULL OR (receipt.content IS NOT NULL AND receipt.number IS NOT NULL))
      """;

  private final DataSource database;
  private final Clock clock;

  public ByHand(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of a request to send a receipt again.
  public sealed interface Answer {

    /// It is due.
    record Due() implements Answer {}

    /// There is no such receipt.
    record Unknown() implements Answer {}

    /// It is on its way anyhow.
    record UnderWay(Status status) implements Answer {}

    /// Its customer was erased: there is nothing left to send.
    record Erased() implements Answer {}

    /// Nobody has said where to.
    record Addressless() implements Answer {}
  }

  /// What a customer may see.
  public sealed interface View {
    /// The receipt.
    record Shown(ReceiptContent content, String number) implements View {}

    /// It is forgotten, at the customer's wish.
    record Gone() implements View {}
  }

  /// Makes a receipt due once more, as a new edition, and writes down who wanted it.
  ///
  /// @param to where to, if not where it went before
  public Answer resend(ReceiptId id, Optional<String> to, String by) {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      try {
        Answer answer = resend(transaction, id, to, by);
        transaction.commit();
        return answer;
      } catch (Throwable e) { // errors too: turning autocommit on again would commit half of it
        transaction.rollback();
        throw e;
      } finally {
        transaction.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private Answer resend(Connection transaction, ReceiptId id, Optional<String> to, String by)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(FIND)) {
      statement.setString(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return new Answer.Unknown();
        }
        if (row.getBoolean(6)) {
          return new Answer.Erased();
        }
        Status status = Status.named(row.getString(1));
        boolean ready =
            switch (status) {
              case SENT, UNDELIVERABLE, SKIPPED, RETRYING -> row.getBoolean(5);
              case WAITING, DUE, SENDING -> false;
            };
        if (!ready) {
          return new Answer.UnderWay(status);
        }
        String recipient = to.isPresent() ? to.get() : row.getString(2);
        if (recipient == null) {
          return new Answer.Addressless();
        }
        Instant now = clock.instant();
        makeDue(transaction, id, recipient, now);
        audit(transaction, id, row.getInt(4) + 1, now, by, recipient, status, row.getString(3));
        return new Answer.Due();
      }
    }
  }

  private static void makeDue(Connection transaction, ReceiptId id, String recipient, Instant now)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(RESEND)) {
      statement.setObject(1, WorkTable.atUtc(now));
      statement.setObject(2, WorkTable.atUtc(now));
      statement.setString(3, recipient);
      statement.setString(4, id.value());
      statement.executeUpdate();
    }
  }

  private static void audit(
      Connection transaction,
      ReceiptId id,
      int edition,
      Instant now,
      String by,
      String recipient,
      Status was,
      @Nullable String messageId)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(AUDIT)) {
      statement.setString(1, id.value());
      statement.setInt(2, edition);
      statement.setObject(3, WorkTable.atUtc(now));
      statement.setString(4, by);
      statement.setString(5, Customer.masked(recipient));
      statement.setString(6, was.wireName());
      statement.setString(7, messageId);
      statement.executeUpdate();
    }
  }

  /// The receipt that a token opens, once it has its number.
  public Optional<View> view(UUID token) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(VIEW)) {
      statement.setObject(1, token);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (row.getBoolean(3)) {
          return Optional.of(new View.Gone());
        }
        byte[] json = row.getString(1).getBytes(StandardCharsets.UTF_8);
        return Optional.of(
            new View.Shown(WireFormat.read(json, ReceiptContent.class), row.getString(2)));
      }
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }
}
