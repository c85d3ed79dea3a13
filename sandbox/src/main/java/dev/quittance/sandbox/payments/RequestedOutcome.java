package dev.quittance.sandbox.payments;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.sandbox.problem.Refusal;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// How something is to happen.
///
/// @param amount in major units, as typed; empty for all
/// @param status what a refund begins as
/// @param target the refund or dispute that it is about
record RequestedOutcome(String amount, String reason, String status, String target) {

  @Nullable Long minorUnits(String currency) {
    if (amount.isBlank()) {
      return null;
    }
    try {
      return Money.ofMajor(new BigDecimal(amount.strip().replace(',', '.')), currency).minorUnits();
    } catch (NumberFormatException | UnreadableMoney e) {
      throw Refusal.badRequest("The amount isn't one that this currency has.");
    }
  }
}
