package dev.quittance.receipts.store;

import dev.quittance.receipts.receipt.ReceiptKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// That somebody wants a mail sent again.
///
/// @param to where to, if not where it went before; never printed
/// @param by who wants it, for the audit
/// @param key the requester's idempotency key: the same one again is the same sending
public record ResendRequest(Optional<String> to, String by, Optional<String> key) {

  /// What tells this request from another under the same key; nothing when it has no key.
  @Nullable String digest() {
    return key.isPresent() ? ReceiptKey.digest(by + "\n" + to.orElse("")) : null;
  }

  @Override
  public String toString() {
    return "ResendRequest[…]";
  }
}
