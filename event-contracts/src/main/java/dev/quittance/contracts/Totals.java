package dev.quittance.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an order's amount came about. All parts are in the order's currency.
///
/// @param taxIncluded whether the prices already contain the tax
public record Totals(
    @Nullable Money subtotal,
    @Nullable Money discount,
    @Nullable Money shipping,
    @Nullable Money tax,
    boolean taxIncluded,
    List<TaxLine> taxes) {

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
  public Totals {
    taxes = taxes == null ? List.of() : List.copyOf(taxes);
  }

  /// The tax of one rate.
  ///
  /// @param name as the provider calls it, for example `VAT`
  /// @param ratePercent the rate in percent as a decimal, for example `19` or `7.7`
  public record TaxLine(@Nullable String name, @Nullable String ratePercent, Money amount) {}
}
