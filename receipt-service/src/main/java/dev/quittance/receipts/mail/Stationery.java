package dev.quittance.receipts.mail;

import dev.quittance.receipts.render.Merchant;

/// What a shop's letters are written on.
public interface Stationery {

  /// Who is named as the seller in receipts of an endpoint's payments.
  Merchant merchant(String endpoint);

  /// Whom letters about an endpoint's payments are from.
  Letter.Sender sender(String endpoint);
}
