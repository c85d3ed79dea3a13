package dev.quittance.receipts.render;

import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Totals;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How much of what the provider told about items and totals is shown. Prices of items are, where
/// whoever adds them up gets the total to the cent; the order's own totals always, since its tax is
/// what bookkeepers need a receipt for.
enum Breakdown {
  /// Items before discounts and tax; subtotal, discount, shipping, tax; total.
  DETAILED,
  /// Items as they were paid, shipping; total.
  SIMPLE,
  /// The items' names only, if any; subtotal, discount, shipping, tax, as far as they are known;
  /// total.
  TOTALS,
  /// The items' names only; total.
  NONE;

  /// Whether items have prices.
  boolean priced() {
    return switch (this) {
      case DETAILED, SIMPLE -> true;
      case TOTALS, NONE -> false;
    };
  }

  static Breakdown of(List<LineItem> items, @Nullable Totals totals, Money paid) {
    Breakdown unpriced = known(totals, paid) ? TOTALS : NONE;
    try {
      Breakdown priced = checked(items, totals, paid);
      return priced == NONE ? unpriced : priced;
    } catch (ArithmeticException e) {
      return unpriced; // amounts so absurd that they have no sum
    }
  }

  private static boolean known(@Nullable Totals totals, Money paid) {
    return totals != null
        && (shown(totals.subtotal(), paid)
            || shown(totals.discount(), paid)
            || shown(totals.shipping(), paid)
            || shown(totals.tax(), paid)
            || totals.taxes().stream().anyMatch(tax -> shown(tax.amount(), paid)));
  }

  /// Whether an amount can stand in a sum with the total.
  static boolean shown(@Nullable Money amount, Money paid) {
    return amount != null && amount.comparableWith(paid);
  }

  private static Breakdown checked(List<LineItem> items, @Nullable Totals totals, Money paid) {
    if (items.isEmpty() || !sameCurrency(items, totals, paid)) {
      return NONE;
    }
    if (totals != null && totals.subtotal() != null && detailed(items, totals, paid)) {
      return DETAILED;
    }
    Money shipping = orNothing(totals == null ? null : totals.shipping(), paid);
    return sum(items, LineItem::amount, paid).plus(shipping).equals(paid) ? SIMPLE : NONE;
  }

  private static boolean detailed(List<LineItem> items, Totals totals, Money paid) {
    if (items.stream().anyMatch(item -> item.subtotal() == null)) {
      return false;
    }
    Money subtotal = orNothing(totals.subtotal(), paid);
    Money total =
        subtotal
            .minus(orNothing(totals.discount(), paid))
            .plus(orNothing(totals.shipping(), paid))
            .plus(
                totals.taxIncluded() ? Money.zero(paid.currency()) : orNothing(totals.tax(), paid));
    return sum(items, LineItem::subtotal, paid).equals(subtotal) && total.equals(paid);
  }

  static Money orNothing(@Nullable Money amount, Money like) {
    return amount == null ? Money.zero(like.currency()) : amount;
  }

  private static Money sum(
      List<LineItem> items, Function<LineItem, @Nullable Money> amount, Money like) {
    return items.stream()
        .map(amount)
        .filter(Objects::nonNull)
        .reduce(Money.zero(like.currency()), Money::plus);
  }

  private static boolean sameCurrency(List<LineItem> items, @Nullable Totals totals, Money paid) {
    return items.stream().allMatch(item -> like(item.amount(), paid) && like(item.subtotal(), paid))
        && (totals == null
            || (like(totals.subtotal(), paid)
                && like(totals.discount(), paid)
                && like(totals.shipping(), paid)
                && like(totals.tax(), paid)
                && totals.taxes().stream().allMatch(tax -> like(tax.amount(), paid))));
  }

  private static boolean like(@Nullable Money amount, Money paid) {
    return amount == null || amount.comparableWith(paid);
  }
}
