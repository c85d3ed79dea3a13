package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailOutcome;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Tries to send mails, one at a time.
public interface MailSender {

  /// What became of an attempt.
  ///
  /// @param mail what was tried, as it was claimed
  /// @param outcome what it has come to by that
  /// @param defect what went wrong on our side, if anything did
  record Attempt(
      ClaimedMail mail, MailOutcome outcome, SmtpReply reply, Optional<Throwable> defect) {}

  /// Tries once. The stage never fails.
  CompletionStage<Attempt> attempt(ClaimedMail mail);

  /// What an attempt comes to that ended in a defect instead of an outcome.
  Attempt failed(ClaimedMail mail, Throwable defect);
}
