package dev.quittance.receipts.store;

import dev.quittance.contracts.Customer;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.Connection;
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
    var exchange = new Exchange(transaction);
    exchange.write(
        RESEND,
        Parameters.none()
            .instant(now)
            .instant(now)
            .rows(sendings)
            .text(again -> again.before().id())
            .words(Again::to)
            .end());
    exchange.write(
        AUDIT,
        Parameters.none()
            .instant(now)
            .text(by)
            .text(key)
            .text(request)
            .rows(sendings)
            .text(again -> again.before().id())
            .ints(Again::edition)
            .words(again -> Customer.masked(again.to()))
            .text(again -> again.before().status())
            .words(again -> masked(again.before().recipient()))
            .ints(again -> again.before().attempts())
            .text(again -> again.before().sentAt())
            .words(again -> again.before().reasonCode())
            .words(again -> again.before().reasonMessage())
            .words(again -> again.before().messageId())
            .end());
    exchange.send();
  }

  static @Nullable String masked(@Nullable String address) {
    return address == null ? null : Customer.masked(address);
  }
}
