package dev.quittance.receipts.mail;

import java.util.concurrent.CompletionStage;

/// Hands mails to a mail server.
public interface MailTransport {

  /// Tries once. The stage never fails: whatever goes wrong is a [SmtpReply].
  CompletionStage<SmtpReply> send(OutgoingMail mail);
}
