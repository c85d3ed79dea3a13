package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;

/// What became of one attempt to hand over a letter.
public sealed interface Reply {

  /// The mail server took it: from here on it is the server's.
  record Accepted() implements Reply {}

  /// Not now. Where the connection broke after the letter was complete, the server may have it all
  /// the same: nobody can know.
  ///
  /// @param serverAway whether it is the server that is in trouble, rather than this letter
  record Deferred(Reason reason, boolean serverAway) implements Reply {}

  /// Never.
  record Refused(Reason reason) implements Reply {}
}
