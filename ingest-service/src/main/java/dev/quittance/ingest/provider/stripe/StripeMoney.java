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

  /// What the message of an [UnreadableMoney] is for an amount below zero: asking again for what
  /// the provider said so wouldn't help.
  static final String NEGATIVE = "a negative amount";

  /// An amount that counts, or null when it isn't there.
  ///
  /// @throws UnreadableMoney when it is there, but is no number, negative, or nothing that its
  ///   currency can hold exactly; or when the currency is missing or unknown
  static @Nullable Money read(Fields fields, String amountName, String currencyName) {
    return read(fields, amountName, fields, currencyName);
  }

  /// An amount that counts, or null when it isn't there.
  ///
  /// @param of the object that says the currency
  /// @throws UnreadableMoney as above
  static @Nullable Money read(Fields fields, String amountName, Fields of, String currencyName) {
    if (!fields.has(amountName)) {
      return null;
    }
    BigDecimal units = fields.decimal(amountName);
    String currency = of.text(currencyName);
    if (units == null || currency == null) {
      throw new UnreadableMoney(
          units == null ? "an amount that is no number" : "an amount without a currency");
    }
    if (units.signum() < 0) {
      throw new UnreadableMoney(NEGATIVE);
    }
    return Money.ofMajor(units.movePointLeft(decimals(currency)), currency);
  }

  /// An amount that an event can't be without.
  ///
  /// @throws UnreadableMoney as above, and when it isn't there
  static Money required(@Nullable Money read) {
    if (read == null) {
      throw new UnreadableMoney("no amount");
    }
    return read;
  }

  /// An amount that the payment can be without: when it can't be read, the payment still can.
  static @Nullable Money readAside(Fields fields, String amountName, String currencyName) {
    return readAside(fields, amountName, fields, currencyName);
  }

  /// @param of the object that says the currency
  static @Nullable Money readAside(
      Fields fields, String amountName, Fields of, String currencyName) {
    try {
      return read(fields, amountName, of, currencyName);
    } catch (UnreadableMoney e) {
      return null;
    }
  }

  /// What was authorized, isn't captured, and is let go: never less than nothing, as a capture may
  /// take more than was authorized. Null where the object doesn't say what it captured.
  ///
  /// @throws UnreadableMoney as above
  static @Nullable Money released(Fields fields, String capturedName) {
    Money authorized = read(fields, "amount", "currency");
    Money captured = taken(fields, capturedName);
    return authorized == null || captured == null
        ? null
        : authorized.minus(captured).max(Money.zero(authorized.currency()));
  }

  /// What was taken; null where the object doesn't say it, or nothing was.
  ///
  /// @throws UnreadableMoney as above
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
