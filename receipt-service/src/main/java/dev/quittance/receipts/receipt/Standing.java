package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import org.jspecify.annotations.Nullable;

/// What must be known of a receipt that exists already to decide about the others of its order.
///
/// @param drafted whether it has all it needs and waits for its turn only
/// @param reason why it was skipped, retried or given up: a code
/// @param supported what the facts supported of it when they were looked at last, where that is
///   another amount than what was announced
public record Standing(
    Status status,
    Money amount,
    boolean drafted,
    @Nullable String reason,
    @Nullable Money supported) {

  /// One whose amount the facts support.
  public Standing(Status status, Money amount, boolean drafted, @Nullable String reason) {
    this(status, amount, drafted, reason, null);
  }

  /// Whether facts may still change it: nobody has tried to send it, and if it was skipped for lack
  /// of an address, one may turn up.
  boolean open() {
    return status.untouched() || ReceiptPlan.NO_ADDRESS.code().equals(reason);
  }

  /// Whether its customer has it, or may get it as it is.
  public boolean underWayOrSent() {
    return switch (status) {
      case SENDING, RETRYING, SENT, UNDELIVERABLE -> true;
      case WAITING, DUE, SKIPPED -> false;
    };
  }
}
