package dev.quittance.receipts.actions;

import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.MailActions;
import dev.quittance.receipts.persistence.StoredMail;
import dev.quittance.receipts.receipt.MailKind;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// All mails that were given up since a time: counted, or sent again. For after an outage in which
/// a mail server condemned what it should have taken.
public final class ResendUndeliverable {

  /// Large enough that a transaction's cost is shared, small enough that nobody waits long for its
  /// locks.
  private static final int BATCH = 500;

  /// So many at a time are answered for within seconds; who has more asks again.
  static final int RESENT_MAX = 10_000;

  private final Database database;
  private final Clock clock;

  public ResendUndeliverable(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// How many there are, or were sent again.
  ///
  /// @param codes mails with codes
  /// @param remaining how many are left of both
  public record Count(long receipts, long codes, long remaining) {}

  /// How many could be sent again.
  public Count since(Instant since) {
    MailActions.Resendable found = count(new MailActions.Span(since, clock.instant()));
    return new Count(found.receipts(), found.codes(), 0);
  }

  private MailActions.Resendable count(MailActions.Span span) {
    return database.transact(exchange -> MailActions.count(exchange, span));
  }

  /// Makes them due once more, the longest given up first, to where they went before: codes, then
  /// receipts, up to so many at a time. What was done before an outage of the database stays done.
  ///
  /// @param by who wants it, for the audit
  public Count resend(Instant since, String by) {
    var span = new MailActions.Span(since, clock.instant());
    long codes = resend(MailKind.CODE, span, by, RESENT_MAX);
    long receipts = resend(MailKind.RECEIPT, span, by, RESENT_MAX - codes);
    if (codes + receipts < RESENT_MAX) {
      return new Count(receipts, codes, 0);
    }
    MailActions.Resendable left = count(span);
    return new Count(receipts, codes, left.receipts() + left.codes());
  }

  private long resend(MailKind kind, MailActions.Span span, String by, long most) {
    long resent = 0;
    for (int n = BATCH; n == BATCH && resent < most; resent += n) {
      n = database.transact(exchange -> resend(exchange, kind, span, by));
    }
    return resent;
  }

  private int resend(StatementPipeline exchange, MailKind kind, MailActions.Span span, String by)
      throws SQLException {
    List<StoredMail> mails = MailActions.pick(exchange, kind, span, BATCH);
    MailActions.resend(
        exchange,
        mails.stream().map(mail -> new MailActions.Again(mail, addressed(mail))).toList(),
        new MailActions.Asked(by, null, null),
        clock.instant());
    return mails.size();
  }

  private static String addressed(StoredMail mail) {
    return Objects.requireNonNull(mail.recipient(), "only those with one are picked");
  }
}
