package dev.quittance.receipts.render;

/// Where more is to be found of a receipt.
public sealed interface ReceiptLink {

  /// Its address.
  String href();

  /// From a mail to the page.
  record Online(String href) implements ReceiptLink {

    @Override
    public String toString() {
      return "Online[…]";
    }
  }

  /// From the page to the PDF.
  record Pdf(String href) implements ReceiptLink {

    @Override
    public String toString() {
      return "Pdf[…]";
    }
  }
}
