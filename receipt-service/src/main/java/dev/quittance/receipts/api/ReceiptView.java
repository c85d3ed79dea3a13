package dev.quittance.receipts.api;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.ReceiptRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A receipt as it is shown to people who need not know the customer's address.
///
/// @param subject within the kind: `payment`, a refund's id, or `total:…`
/// @param to masked
/// @param nextAttemptAt while it is retried
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
    @Nullable Reason reason) {

  /// A list of receipts.
  ///
  /// @param codes the letters with codes of the same order
  public record Page(List<ReceiptView> receipts, List<Code> codes) {}

  /// A letter with a code, of which nobody is shown the code.
  ///
  /// @param delivery what handed the code out
  /// @param to masked
  /// @param reason why it is retried, undeliverable or skipped: a code
  public record Code(
      String id,
      String delivery,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable String reason) {

    static Code of(CodeTable.Listed listed) {
      return new Code(
          listed.id(),
          listed.delivery(),
          listed.status(),
          listed.recipient() == null ? null : Customer.masked(listed.recipient()),
          listed.attempts(),
          listed.sentAt(),
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
        row.sentAt,
        row.reasonCode == null ? null : new Reason(row.reasonCode, row.reasonMessage));
  }
}
