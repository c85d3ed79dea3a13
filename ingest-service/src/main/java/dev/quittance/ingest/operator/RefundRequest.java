package dev.quittance.ingest.operator;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.ingest.provider.Refunds;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A refund as it is asked for.
///
/// Public, because the reader of the wire format looks whether it is complete.
///
/// @param order the order that was paid
/// @param connectedAccount whose payment it was, as the order says it
/// @param amount what to give back; left out, all that is left
/// @param reason left out, the customer asked for it
/// @param note for the shop's own books at the provider
public record RefundRequest(
    @Nullable OrderId order,
    @Nullable String connectedAccount,
    @Nullable Money amount,
    Refunds.@Nullable Why reason,
    @Nullable String note) {

  /// Twelve digits, the most that Stripe takes in any currency.
  private static final long MINOR_UNITS_MAX = 999_999_999_999L;

  private static final Pattern KEY =
      Pattern.compile("[\\x21-\\x7e]{1," + Refunds.KEY_LENGTH_MAX + "}");

  /// What is wrong with it, as a sentence.
  Optional<String> complaint(@Nullable String key) {
    if (key == null || !KEY.matcher(key).matches()) {
      return Optional.of(
          "Idempotency-Key is missing, or isn't 1 to "
              + Refunds.KEY_LENGTH_MAX
              + " visible ASCII characters. It keeps a repeated request from paying twice.");
    }
    if (order == null) {
      return Optional.of("The body names no order.");
    }
    if (amount != null && (!amount.isPositive() || amount.minorUnits() > MINOR_UNITS_MAX)) {
      return Optional.of("amount.minorUnits is from 1 to " + MINOR_UNITS_MAX + ".");
    }
    if (CodePoints.moreThan(Refunds.NOTE_LENGTH_MAX, note)) {
      return Optional.of("note has at most " + Refunds.NOTE_LENGTH_MAX + " characters.");
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "RefundRequest[" + order + ", " + amount + ", " + reason + "]";
  }
}
