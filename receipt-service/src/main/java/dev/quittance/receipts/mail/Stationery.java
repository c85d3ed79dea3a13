package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import java.util.Optional;
import java.util.UUID;

/// What a shop's letters are written on.
public interface Stationery {

  /// Who is named as the seller in receipts.
  Merchant merchant(Seller seller);

  /// Whom letters about a seller's payments are from.
  Letter.Sender sender(Seller seller);

  /// Whether receipts of an endpoint's payments come with a PDF.
  boolean pdf(String endpoint);

  /// The address of a receipt's page, where customers can reach one.
  Optional<String> page(UUID token);
}
