package dev.quittance.receipts.store;

import dev.quittance.contracts.Customer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes receipts due once more, each as a new edition, and keeps what became of the sending
/// before. Whoever calls holds the receipts' row locks.
final class Resends {

  /// When it was sent first stays, whatever becomes of the next sending.
  private static final String RESEND =
      """
      UPDATE receipts AS receipt
         SET status = 'due', edition = receipt.edition + 1, attempts = 0, since = ?, next_attempt_at = ?,
             recipient = again.recipient, reason_code = NULL, reason_message = NULL, message_id = NULL,
             sent_at = NULL, undeliverable_at = NULL
        FROM unnest(?::text[], ?::text[]) AS again (id, recipient)
       WHERE receipt.id = again.id
      """;

  private static final String AUDIT =
      """
      INSERT INTO receipt_resends
             (receipt_id, edition, at, by, recipient, idempotency_key, request, was, was_recipient,
              was_attempts, was_sent_at, was_reason_code, was_reason_message, message_id)
      SELECT id, edition, ?, ?, recipient, ?, ?, was, was_recipient, was_attempts,
             was_sent_at::timestamptz, was_reason_code, was_reason_message, message_id
        FROM unnest(?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
                    ?::text[], ?::text[])
             AS again (id, edition, recipient, was, was_recipient, was_attempts, was_sent_at,
                       was_reason_code, was_reason_message, message_id)
      """;

  /// What [Before#of] reads, of `receipts AS receipt`.
  static final String BEFORE =
      """
      receipt.id, receipt.edition, receipt.status, receipt.recipient, receipt.attempts, receipt.sent_at,
             receipt.reason_code, receipt.reason_message, receipt.message_id\
      """;

  private Resends() {}

  /// A receipt that is to be sent again, as it stands.
  ///
  /// @param recipient where its last sending went
  record Before(
      String id,
      int edition,
      String status,
      @Nullable String recipient,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable String reasonCode,
      @Nullable String reasonMessage,
      @Nullable String messageId) {

    static Before of(ResultSet row) throws SQLException {
      OffsetDateTime sentAt = row.getObject(6, OffsetDateTime.class);
      return new Before(
          row.getString(1),
          row.getInt(2),
          row.getString(3),
          row.getString(4),
          row.getInt(5),
          sentAt == null ? null : sentAt.toInstant(),
          row.getString(7),
          row.getString(8),
          row.getString(9));
    }

    @Override
    public String toString() {
      return "Before[" + id + "]";
    }
  }

  /// One more sending.
  ///
  /// @param to where to
  record Again(Before before, String to) {

    int edition() {
      return before.edition() + 1;
    }

    @Override
    public String toString() {
      return "Again[" + before.id() + "]";
    }
  }

  /// @param key under which it was asked for; of several receipts there is none
  /// @param request what was asked for under it
  static void make(
      Connection transaction,
      List<Again> sendings,
      String by,
      @Nullable String key,
      @Nullable String request,
      Instant now)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(RESEND)) {
      statement.setObject(1, WorkTable.atUtc(now));
      statement.setObject(2, WorkTable.atUtc(now));
      Columns.of(transaction, statement, sendings, 3)
          .text(again -> again.before().id())
          .text(Again::to);
      statement.executeUpdate();
    }
    try (PreparedStatement statement = transaction.prepareStatement(AUDIT)) {
      statement.setObject(1, WorkTable.atUtc(now));
      statement.setString(2, by);
      statement.setString(3, key);
      statement.setString(4, request);
      Columns.of(transaction, statement, sendings, 5)
          .text(again -> again.before().id())
          .ints(Again::edition)
          .text(again -> Customer.masked(again.to()))
          .text(again -> again.before().status())
          .text(again -> masked(again.before().recipient()))
          .ints(again -> again.before().attempts())
          .text(again -> text(again.before().sentAt()))
          .text(again -> again.before().reasonCode())
          .text(again -> again.before().reasonMessage())
          .text(again -> again.before().messageId());
      statement.executeUpdate();
    }
  }

  static @Nullable String masked(@Nullable String address) {
    return address == null ? null : Customer.masked(address);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
