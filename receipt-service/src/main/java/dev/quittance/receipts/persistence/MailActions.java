package dev.quittance.receipts.persistence;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.MailKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people have done with mails, and what is written down about it.
public final class MailActions {

  /// Orders are locked before what belongs to them, here as everywhere.
  private static final String LOCK =
      "SELECT id FROM orders WHERE id = (SELECT order_id FROM mails WHERE id = ?) FOR UPDATE";

  private static final String FIND =
      "SELECT " + StoredMail.COLUMNS + " WHERE mail.id = ? FOR UPDATE OF mail";

  private static final String EARLIER =
      """
      SELECT action, request, at, edition, recipient
        FROM mail_actions
       WHERE mail_id = ? AND idempotency_key = ?
      """;

  private static final String RESENDABLE =
      """
       WHERE mail.status = 'undeliverable' AND mail.undeliverable_at BETWEEN ? AND ? AND o.erased_at IS NULL
         AND mail.recipient IS NOT NULL AND mail.content IS NOT NULL AND (mail.kind <> 'code' OR mail.code IS NOT NULL)
      """;

  /// Who holds one of them is just having it sent again.
  private static final String PICK =
      "SELECT "
          + StoredMail.COLUMNS
          + RESENDABLE
          + """
             AND (mail.kind = 'code') = ?
           ORDER BY mail.undeliverable_at, mail.id LIMIT ? FOR UPDATE OF mail SKIP LOCKED
          """;

  private static final String COUNT =
      """
      SELECT count(*) FILTER (WHERE mail.kind <> 'code'), count(*) FILTER (WHERE mail.kind = 'code')
        FROM mails AS mail
        JOIN orders AS o ON o.id = mail.order_id
      """
          + RESENDABLE;

  /// When it was sent first stays, whatever becomes of the next sending.
  private static final String RESEND =
      """
      UPDATE mails AS mail
         SET status = 'due', edition = mail.edition + 1, attempts = 0, since = ?, next_attempt_at = ?,
             recipient = again.recipient, reason_code = NULL, reason_message = NULL, message_id = NULL,
             sent_at = NULL, undeliverable_at = NULL
        FROM unnest(?::text[], ?::text[]) AS again (id, recipient)
       WHERE mail.id = again.id
      """;

  private static final String DISCARD =
      """
      UPDATE mails
         SET status = 'undeliverable', code = NULL, reason_code = 'discarded', reason_message = NULL,
             undeliverable_at = ?
       WHERE id = ?
      """;

  private static final String AUDIT =
      """
      INSERT INTO mail_actions
             (mail_id, action, edition, at, by, recipient, idempotency_key, request, was, was_recipient,
              was_attempts, was_sent_at, was_reason_code, was_reason_message, message_id)
      SELECT id, ?, edition, ?, ?, recipient, ?, ?, was, was_recipient, was_attempts,
             was_sent_at::timestamptz, was_reason_code, was_reason_message, message_id
        FROM unnest(?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
                    ?::text[], ?::text[])
             AS done (id, edition, recipient, was, was_recipient, was_attempts, was_sent_at,
                      was_reason_code, was_reason_message, message_id)
      """;

  private MailActions() {}

  /// What is done with mails.
  public enum Action {
    /// It is made due once more, as a new edition.
    RESEND,
    /// Its code is deleted.
    DISCARD;

    private String wireName() {
      return switch (this) {
        case RESEND -> "resend";
        case DISCARD -> "discard";
      };
    }
  }

  /// Who wants it.
  ///
  /// @param key the requester's idempotency key, if there is one
  /// @param request a digest of what is asked for under it
  public record Asked(String by, @Nullable String key, @Nullable String request) {}

  /// An action under the same key.
  ///
  /// @param request a digest of what was asked for
  /// @param edition of the mail that it made due
  /// @param to masked
  public record Earlier(
      Action action, @Nullable String request, Instant at, int edition, @Nullable String to) {}

  /// A mail whose order is locked, and what was done with it under a key.
  public record Found(StoredMail mail, Optional<Earlier> earlier) {}

  /// Locks a mail and its order, and says how it stands; nothing when there is no such mail.
  public static Optional<Found> lock(StatementPipeline exchange, String id, @Nullable String key)
      throws SQLException {
    exchange.ask(LOCK, Parameters.none().text(id), row -> row.getString(1));
    StatementPipeline.Answer<StoredMail> mail =
        exchange.ask(FIND, Parameters.none().text(id), StoredMail::of);
    StatementPipeline.Answer<Earlier> earlier =
        exchange.ask(EARLIER, Parameters.none().text(id).text(key), MailActions::earlier);
    List<StoredMail> found = mail.rows();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(found.getFirst(), earlier.rows().stream().findFirst()));
  }

  private static Earlier earlier(ResultSet row) throws SQLException {
    return new Earlier(
        row.getString(1).equals(Action.RESEND.wireName()) ? Action.RESEND : Action.DISCARD,
        row.getString(2),
        Columns.instant(row, 3),
        row.getInt(4),
        row.getString(5));
  }

  /// A time in which mails were given up.
  ///
  /// @param until later ones may be the same ones, given up again
  public record Span(Instant since, Instant until) {}

  /// How many mails there are that could be sent again.
  public record Resendable(long receipts, long codes) {}

  /// Counts the mails that were given up in a time, and could be sent again.
  public static Resendable count(StatementPipeline exchange, Span span) throws SQLException {
    return exchange
        .ask(
            COUNT,
            Parameters.none().instant(span.since).instant(span.until),
            row -> new Resendable(row.getLong(1), row.getLong(2)))
        .rows()
        .getFirst();
  }

  /// Locks mails of a kind that were given up in a time, the longest given up first.
  public static List<StoredMail> pick(
      StatementPipeline exchange, MailKind kind, Span span, int limit) throws SQLException {
    return exchange
        .ask(
            PICK,
            Parameters.none()
                .instant(span.since)
                .instant(span.until)
                .flag(kind == MailKind.CODE)
                .number(limit),
            StoredMail::of)
        .rows();
  }

  /// One more edition.
  ///
  /// @param to where to
  public record Again(StoredMail mail, @Nullable String to) {
    @Override
    public String toString() {
      return "Again[" + mail.id() + "]";
    }
  }

  /// Makes locked mails due once more, each as a new edition.
  public static void resend(StatementPipeline exchange, List<Again> mails, Asked asked, Instant now)
      throws SQLException {
    exchange.write(
        RESEND,
        Parameters.none()
            .instant(now)
            .instant(now)
            .rows(mails)
            .text(again -> again.mail.id())
            .words(Again::to)
            .end());
    audit(exchange, Action.RESEND, mails, asked, now);
  }

  /// Deletes the code of a locked mail.
  public static void discard(StatementPipeline exchange, StoredMail mail, Asked asked, Instant now)
      throws SQLException {
    exchange.write(DISCARD, Parameters.none().instant(now).text(mail.id()));
    audit(exchange, Action.DISCARD, List.of(new Again(mail, mail.recipient())), asked, now);
  }

  private static void audit(
      StatementPipeline exchange, Action action, List<Again> mails, Asked asked, Instant now)
      throws SQLException {
    int editions = action == Action.RESEND ? 1 : 0;
    exchange.write(
        AUDIT,
        Parameters.none()
            .text(action.wireName())
            .instant(now)
            .text(asked.by)
            .text(asked.key)
            .text(asked.request)
            .rows(mails)
            .text(again -> again.mail.id())
            .ints(again -> again.mail.edition() + editions)
            .words(again -> Columns.masked(again.to))
            .text(again -> again.mail.status().wireName())
            .words(again -> Columns.masked(again.mail.recipient()))
            .ints(again -> again.mail.attempts())
            .text(again -> again.mail.sentAt())
            .words(again -> again.mail.reasonCode())
            .words(again -> again.mail.reasonMessage())
            .words(again -> again.mail.messageId())
            .end());
  }
}
