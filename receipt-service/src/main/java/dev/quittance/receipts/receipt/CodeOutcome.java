package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Reason;
import java.time.Instant;

/// What an attempt to send a code came to.
public sealed interface CodeOutcome {

  /// What was tried.
  CodeSending sending();

  /// The mail server took it.
  record Sent(CodeSending sending, String messageId, Instant at) implements CodeOutcome {}

  /// It is tried again.
  record Retrying(CodeSending sending, Reason reason, Instant next) implements CodeOutcome {}

  /// It will never arrive.
  record Undeliverable(CodeSending sending, Reason reason) implements CodeOutcome {}
}
