package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import java.util.Optional;
import java.util.UUID;

/// How a merchant's mails look, and whom they are from.
public interface MailBranding {

  /// Who is named as the seller in receipts.
  Merchant merchant(Seller seller);

  /// Whom mails about a seller's payments are from.
  OutgoingMail.Sender sender(Seller seller);

  /// Whether receipts of an endpoint's payments come with a PDF.
  boolean pdf(String endpoint);

  /// The address of a receipt's page, where customers can reach one.
  Optional<String> page(UUID token);
}
