package dev.quittance.receipts.receipt;

/// A receipt that has all it needs: what it says and to whom.
///
/// @param to the customer's address as the provider gave it; whether it is one shows when sending
/// @param series starts the receipt's number: the merchant's code
public record ReceiptDraft(ReceiptContent content, String to, String series) {

  @Override
  public String toString() {
    return "Draft[" + content + "]";
  }
}
