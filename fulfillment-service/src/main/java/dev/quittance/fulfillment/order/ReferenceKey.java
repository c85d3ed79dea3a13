package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Sha256;
import dev.quittance.contracts.WireFormat;
import org.jspecify.annotations.Nullable;

/// What one payment may go out for at most: the shop's own order, as payments name it. A test
/// payment stands in no real one's way, nor one connected account in another one's.
///
/// @param reference the shop's own order number
public record ReferenceKey(
    String account, boolean livemode, @Nullable String connectedAccount, String reference) {

  /// SHA-256 in lower-case hexadecimal digits: all that is kept of it, so that nothing of it is to
  /// be erased. A component more would make others of all of them.
  public String hash() {
    return Sha256.hex(WireFormat.write(this));
  }
}
