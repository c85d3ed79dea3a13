package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Reason;
import java.time.Instant;

/// What an attempt to send a mail came to.
public sealed interface MailOutcome {

  /// What was tried.
  ClaimedMail mail();

  /// How far the mail has come by it.
  MailStatus status();

  /// The mail server took it.
  record Sent(ClaimedMail mail, String messageId, Instant at) implements MailOutcome {

    @Override
    public MailStatus status() {
      return MailStatus.SENT;
    }
  }

  /// It is tried again.
  record Retrying(ClaimedMail mail, Reason reason, Instant next) implements MailOutcome {

    @Override
    public MailStatus status() {
      return MailStatus.RETRYING;
    }
  }

  /// It will never arrive.
  ///
  /// @param reason the mail server's words, without addresses
  record Undeliverable(ClaimedMail mail, Reason reason) implements MailOutcome {

    @Override
    public MailStatus status() {
      return MailStatus.UNDELIVERABLE;
    }
  }
}
