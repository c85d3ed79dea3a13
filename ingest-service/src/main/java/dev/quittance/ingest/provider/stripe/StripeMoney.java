package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stripe's integer amounts. Stripe counts most currencies in hundredths, whatever ISO 4217 says.
///
/// Source of the table: <https://docs.stripe.com/currencies>, "Zero-decimal currencies",
/// "Three-decimal currencies" and "Special cases".
final class StripeMoney {

  /// Counted in whole units. UGX and ISK are missing on purpose: they have no decimals any more,
  /// but Stripe goes on counting them in hundredths. MGA is here although ISO 4217 gives it two.
  private static final Set<String> WHOLE =
      Set.of(
          "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
          "XOF", "XPF");

  /// Counted in thousandths; the last digit is always 0.
  private static final Set<String> THOUSANDTHS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

  private StripeMoney() {}

  /// An amount, or null when either field is absent.
  ///
  /// @throws UnreadableMoney when the currency can't hold the amount exactly, or is unknown
  static @Nullable Money read(Fields fields, String amountName, String currencyName) {
    return of(fields.decimal(amountName), fields.text(currencyName));
  }

  /// @throws UnreadableMoney when the currency can't hold the amount exactly, or is unknown
  static @Nullable Money of(@Nullable BigDecimal units, @Nullable String currency) {
    return units == null || currency == null
        ? null
        : Money.ofMajor(units.movePointLeft(decimals(currency)), currency);
  }

  /// What was authorized, isn't captured, and is let go: never less than nothing, as a capture may
  /// take more than was authorized. Null where the object doesn't say what it captured.
  ///
  /// @throws UnreadableMoney when the currency can't hold the amount exactly, or is unknown
  static @Nullable Money released(Fields fields, String capturedName) {
    BigDecimal authorized = fields.decimal("amount");
    BigDecimal captured = fields.decimal(capturedName);
    return authorized == null || captured == null || captured.signum() <= 0
        ? null
        : of(authorized.subtract(captured).max(BigDecimal.ZERO), fields.text("currency"));
  }

  /// What was taken; null where the object doesn't say it, or nothing was.
  ///
  /// @throws UnreadableMoney when the currency can't hold the amount exactly, or is unknown
  static @Nullable Money taken(Fields fields, String capturedName) {
    Money taken = read(fields, capturedName, "currency");
    return taken != null && taken.isPositive() ? taken : null;
  }

  /// How Stripe writes an amount.
  ///
  /// @throws ArithmeticException when Stripe can't say it exactly
  static long units(Money money) {
    return money
        .major()
        .movePointRight(decimals(money.currency().getCurrencyCode()))
        .longValueExact();
  }

  private static int decimals(String currency) {
    String code = currency.toUpperCase(Locale.ROOT);
    return WHOLE.contains(code) ? 0 : THOUSANDTHS.contains(code) ? 3 : 2;
  }
}
