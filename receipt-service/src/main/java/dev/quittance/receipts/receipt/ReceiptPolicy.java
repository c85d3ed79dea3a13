package dev.quittance.receipts.receipt;

import java.time.Duration;

/// What a shop has decided about its receipts.
public interface ReceiptPolicy {

  /// Whether payments that came in by an endpoint get receipts.
  boolean sends(String endpoint);

  /// Whether codes that were delivered for an endpoint's payments are mailed.
  default boolean sendsCodes(String endpoint) {
    return true;
  }

  /// What the receipt numbers of a seller's payments start with.
  ///
  /// @param account the provider account, for merchants without a code of their own
  String series(Seller seller, String account);

  /// How long a refund that is known from its total only waits for the refund itself to be
  /// reported, which says more. Providers send both within a moment, in any order.
  Duration totalsSettle();
}
