package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import org.jspecify.annotations.Nullable;

/// What must be known of a receipt that exists already to decide about the others of its order.
///
/// @param drafted whether it has all it needs and waits for its turn only
/// @param reason why it was skipped, retried or given up: a code
/// @param supported what the facts supported of it when they were looked at last, where that is
///   another amount than what was announced
/// @param numbered whether it was on its way once: its number, and what it said, are in the books
public record ReceiptSummary(
    MailStatus status,
    Money amount,
    boolean drafted,
    @Nullable String reason,
    @Nullable Money supported,
    boolean numbered) {

  /// One whose amount the facts support, and which has its number if it was ever to go out.
  public ReceiptSummary(MailStatus status, Money amount, boolean drafted, @Nullable String reason) {
    this(
        status, amount, drafted, reason, null, !status.untouched() && status != MailStatus.SKIPPED);
  }

  /// Whether facts may still change it, or take it away: nobody has tried to send it. If it was
  /// skipped for lack of an address, one may turn up; if its customer was erased, the books are to
  /// say what came in all the same.
  boolean open() {
    return status.untouched()
        || (!numbered
            && (ReceiptPlan.NO_ADDRESS.code().equals(reason)
                || ReceiptPlan.ERASED.code().equals(reason)));
  }

  /// Whether its customer has it, or may get it as it is.
  public boolean underWayOrSent() {
    return switch (status) {
      case SENDING, RETRYING, SENT, UNDELIVERABLE -> true;
      case WAITING, DUE, SKIPPED -> false;
    };
  }
}
