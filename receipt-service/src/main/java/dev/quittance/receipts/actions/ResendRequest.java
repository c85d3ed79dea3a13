package dev.quittance.receipts.actions;

import dev.quittance.receipts.persistence.MailActions;
import dev.quittance.receipts.receipt.ReceiptKey;
import java.util.Optional;

/// That somebody wants a mail sent again.
///
/// @param to where to, if not where it went before; never printed
/// @param by who wants it, for the audit
/// @param key the requester's idempotency key: the same one again is the same sending
public record ResendRequest(Optional<String> to, String by, Optional<String> key) {

  /// Who wants what, as it is written down. What tells this request from another under the same key
  /// is a digest.
  MailActions.Asked asked() {
    String digest = key.isPresent() ? ReceiptKey.digest(by + "\n" + to.orElse("")) : null;
    return new MailActions.Asked(by, key.orElse(null), digest);
  }

  @Override
  public String toString() {
    return "ResendRequest[…]";
  }
}
