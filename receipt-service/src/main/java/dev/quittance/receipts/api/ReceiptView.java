package dev.quittance.receipts.api;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import dev.quittance.receipts.persistence.MailRow;
import dev.quittance.receipts.persistence.Sendings;
import dev.quittance.receipts.receipt.MailStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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

  private static final String EVERY_RECEIPT = "every receipt has an amount";

  /// A receipt with each of its sendings, the first one first.
  public record Detail(ReceiptView receipt, List<Sendings.Sending> sendings) {}

  /// A list of receipts.
  ///
  /// @param codes the codes of the same order
  public record Page(List<ReceiptView> receipts, List<Code> codes) {}

  /// A mail with a code, of which nobody is shown the code.
  ///
  /// @param delivery what handed the code out
  /// @param to masked
  /// @param undeliverableAt when it was given up, until it is sent again
  /// @param codeKept whether the code is still here, so that the mail can be sent (again)
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

    static Code of(MailRow row) {
      return new Code(
          row.id,
          row.orderId,
          row.subject,
          row.status,
          row.recipient == null ? null : Customer.masked(row.recipient),
          row.attempts,
          row.sentAt,
          row.undeliverableAt,
          row.codeKept,
          row.reasonCode);
    }
  }

  static ReceiptView of(MailRow row) {
    return new ReceiptView(
        row.id,
        row.orderId,
        row.kind,
        row.subject,
        row.number,
        row.status,
        row.recipient == null ? null : Customer.masked(row.recipient),
        amount(row),
        row.messageId,
        row.attempts,
        row.status.equals("retrying") ? row.nextAttemptAt : null,
        row.firstSentAt,
        row.undeliverableAt,
        row.edition,
        row.reasonCode == null ? null : new Reason(row.reasonCode, row.reasonMessage));
  }

  static Money amount(MailRow row) {
    return Money.ofMinor(
        Objects.requireNonNull(row.amountMinor, EVERY_RECEIPT),
        Objects.requireNonNull(row.currency, EVERY_RECEIPT));
  }

  /// As it stands once it was made due again, whatever has become of that since.
  static ReceiptView again(MailRow row, int sendings, String to, @Nullable Instant firstSentAt) {
    ReceiptView now = of(row);
    return new ReceiptView(
        now.id,
        now.order,
        now.kind,
        now.subject,
        now.number,
        MailStatus.DUE.wireName(),
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
