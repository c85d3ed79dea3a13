package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;

/// What became of one attempt to hand over a letter.
public sealed interface Reply {

  /// The mail server took it: from here on it is the server's.
  record Accepted() implements Reply {}

  /// Not now. Where the connection broke after the letter was complete, the server may have it all
  /// the same: nobody can know.
  record Deferred(Reason reason, Trouble trouble) implements Reply {

    /// Whether nobody could talk to the server at all.
    public boolean serverAway() {
      return trouble == Trouble.SERVER_AWAY;
    }
  }

  /// Never: the server says that nobody can be reached at this address.
  record Refused(Reason reason) implements Reply {}

  /// Never, and no server was asked: this is no address.
  record Unaddressable(Reason reason) implements Reply {}

  /// What is in trouble when a letter isn't taken.
  enum Trouble {
    /// This letter only, as far as anybody can tell: greylisted, too large, against a policy.
    LETTER,
    /// The server: it is away, closes, or lets nobody in.
    SERVER_AWAY,
    /// The server: it refuses whatever it is given.
    SERVER_REFUSES,
    /// We: the letter couldn't be written.
    OURS
  }
}
