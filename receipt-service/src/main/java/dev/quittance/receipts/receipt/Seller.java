package dev.quittance.receipts.receipt;

import org.jspecify.annotations.Nullable;

/// Who sold it, by what a payment says of itself: this names the merchant of its receipts.
///
/// @param endpoint the webhook endpoint of the payment
/// @param connectedAccount the account that a platform took the payment for; null for our own
public record Seller(String endpoint, @Nullable String connectedAccount) {

  /// Whoever an endpoint's own payments are for.
  public static Seller of(String endpoint) {
    return new Seller(endpoint, null);
  }
}
