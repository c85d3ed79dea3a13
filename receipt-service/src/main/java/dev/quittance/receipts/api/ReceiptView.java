package dev.quittance.receipts.api;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.Status;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.ReceiptRow;
import dev.quittance.receipts.store.Sendings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A receipt as it is shown to people who need not know the customer's address.
///
/// @param subject within the kind: `payment`, a refund's id, `total:…`, or `amount:{receipt}:…` for
///   the correction of what that receipt said
/// @param to masked
/// @param attempts of the latest sending
/// @param nextAttemptAt while it is retried
/// @param sentAt when the mail server took it first; being sent again doesn't change it
/// @param undeliverableAt when it was given up, until it is sent again
/// @param sendings how often it was sent or is to be: 1, and one more for each resending by hand
/// @param reason why it is retried, undeliverable or skipped
public record ReceiptView(
    String id,
    String order,
    String kind,
    String subject,
    @Nullable String number,
    String status,
    @Nullable String to,
    Money amount,
    @Nullable String messageId,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant sentAt,
    @Nullable Instant undeliverableAt,
    int sendings,
    @Nullable Reason reason) {

  /// A receipt with each of its sendings, the first one first.
  public record Detail(ReceiptView receipt, List<Sendings.Sending> sendings) {}

  /// A list of receipts.
  ///
  /// @param codes the letters with codes of the same order
  public record Page(List<ReceiptView> receipts, List<Code> codes) {}

  /// A letter with a code, of which nobody is shown the code.
  ///
  /// @param delivery what handed the code out
  /// @param to masked
  /// @param undeliverableAt when it was given up, until it is sent again
  /// @param codeKept whether the code is still here, so that the letter can be sent (again)
  /// @param reason why it is retried, undeliverable or skipped: a code
  public record Code(
      String id,
      String order,
      String delivery,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable Instant undeliverableAt,
      boolean codeKept,
      @Nullable String reason) {

    static Code of(CodeTable.Listed listed) {
      return new Code(
          listed.id(),
          listed.order(),
          listed.delivery(),
          listed.status(),
          listed.recipient() == null ? null : Customer.masked(listed.recipient()),
          listed.attempts(),
          listed.sentAt(),
          listed.undeliverableAt(),
          listed.codeKept(),
          listed.reason());
    }
  }

  static ReceiptView of(ReceiptRow row) {
    return new ReceiptView(
        row.id,
        row.orderId,
        row.kind,
        row.subject,
        row.number,
        row.status,
        row.recipient == null ? null : Customer.masked(row.recipient),
        Money.ofMinor(row.amountMinor, row.currency),
        row.messageId,
        row.attempts,
        row.status.equals("retrying") ? row.nextAttemptAt : null,
        row.firstSentAt,
        row.undeliverableAt,
        row.edition,
        row.reasonCode == null ? null : new Reason(row.reasonCode, row.reasonMessage));
  }

  /// As it stands once it was made due again, whatever has become of that since.
  static ReceiptView again(ReceiptRow row, int sendings, String to, @Nullable Instant firstSentAt) {
    ReceiptView now = of(row);
    return new ReceiptView(
        now.id,
        now.order,
        now.kind,
        now.subject,
        now.number,
        Status.DUE.wireName(),
        to,
        now.amount,
        null,
        0,
        null,
        firstSentAt,
        null,
        sendings,
        null);
  }
}
