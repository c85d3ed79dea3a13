package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;

/// What became of one attempt to hand over a mail.
public sealed interface SmtpReply {

  /// The mail server took it: from here on it is the server's.
  record Accepted() implements SmtpReply {}

  /// Not now. Where the connection broke after the mail was complete, the server may have it all
  /// the same: nobody can know.
  record Deferred(Reason reason, Trouble trouble) implements SmtpReply {

    /// Whether nobody could talk to the server at all.
    public boolean serverAway() {
      return trouble == Trouble.SERVER_AWAY;
    }
  }

  /// Never: the server says that nobody can be reached at this address.
  record Refused(Reason reason) implements SmtpReply {}

  /// Never, and no server was asked: this is no address.
  record Unaddressable(Reason reason) implements SmtpReply {}

  /// What is in trouble when a mail isn't taken.
  enum Trouble {
    /// This mail only, as far as anybody can tell: greylisted, too large, against a policy.
    MAIL,
    /// The server: it is away, closes, or lets nobody in.
    SERVER_AWAY,
    /// The server: it refuses whatever it is given.
    SERVER_REFUSES,
    /// We: the mail couldn't be written.
    OURS
  }
}
