package dev.quittance.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/// An exact amount of one currency.
///
/// @param minorUnits the amount in the currency's ISO 4217 minor unit: cents for USD (exponent 2),
///   yen for JPY (0), fils for KWD (3)
/// @param currency the ISO 4217 currency
public record Money(long minorUnits, Currency currency) implements Comparable<Money> {

  /// Nothing of a currency.
  public static Money zero(Currency currency) {
    return new Money(0, currency);
  }

  /// An amount in the currency's own minor units.
  ///
  /// @param code the ISO 4217 code in any case, as providers write it
  /// @throws UnreadableMoney when no such currency exists
  public static Money ofMinor(long minorUnits, String code) {
    return new Money(minorUnits, currency(code));
  }

  /// An amount as JSON decimals write it, in major units.
  ///
  /// @throws UnreadableMoney when the amount has more decimals than the currency or doesn't fit
  public static Money ofMajor(BigDecimal major, String code) {
    return exact(major, currency(code));
  }

  /// An amount in units of `10^-scale`, for providers that count some currencies in other units
  /// than ISO 4217 does: `ofScaled(50_000, 2, "ISK")` is 500 krónur.
  ///
  /// @throws UnreadableMoney when the currency can't hold the amount exactly
  public static Money ofScaled(long units, int scale, String code) {
    return exact(BigDecimal.valueOf(units, scale), currency(code));
  }

  /// More digits than a long has; `1e400000000` would be written out before it is found too large.
  private static final int MAJOR_DIGITS_MAX = 19;

  private static Money exact(BigDecimal major, Currency currency) {
    try {
      if (major.signum() != 0 && (long) major.precision() - major.scale() > MAJOR_DIGITS_MAX) {
        throw new ArithmeticException("no amount is that large");
      }
      return new Money(major.movePointRight(exponent(currency)).longValueExact(), currency);
    } catch (ArithmeticException e) {
      throw new UnreadableMoney("an amount that " + currency + " can't hold exactly", e);
    }
  }

  private static Currency currency(String code) {
    try {
      Currency currency = Currency.getInstance(code.toUpperCase(Locale.ROOT));
      if (currency.getDefaultFractionDigits() < 0) {
        throw new UnreadableMoney("a currency without minor unit", null);
      }
      return currency;
    } catch (IllegalArgumentException e) {
      throw new UnreadableMoney("an unknown currency", e);
    }
  }

  /// The ISO 4217 exponent: how many decimals the major unit has.
  public static int exponent(Currency currency) {
    return currency.getDefaultFractionDigits();
  }

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static Money read(
      @JsonProperty("minorUnits") long minorUnits, @JsonProperty("currency") String currency) {
    return ofMinor(minorUnits, currency);
  }

  @JsonValue
  Written write() {
    return new Written(minorUnits, currency.getCurrencyCode());
  }

  /// An amount as it stands on the wire: what can be asked of an amount isn't part of it.
  record Written(long minorUnits, String currency) {}

  /// The amount in major units, with the currency's own number of decimals.
  public BigDecimal major() {
    return BigDecimal.valueOf(minorUnits, exponent(currency));
  }

  /// @throws IllegalArgumentException when the currencies differ
  public Money plus(Money other) {
    return new Money(Math.addExact(minorUnits, same(other).minorUnits), currency);
  }

  /// @throws IllegalArgumentException when the currencies differ
  public Money minus(Money other) {
    return new Money(Math.subtractExact(minorUnits, same(other).minorUnits), currency);
  }

  /// The lesser of two amounts.
  public Money min(Money other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /// The greater of two amounts.
  public Money max(Money other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /// Whether the amount is above zero.
  public boolean isPositive() {
    return minorUnits > 0;
  }

  /// Whether both are amounts of one currency, so that they may be compared and added.
  public boolean comparableWith(Money other) {
    return currency.equals(other.currency);
  }

  /// @throws IllegalArgumentException when the currencies differ
  @Override
  public int compareTo(Money other) {
    return Long.compare(minorUnits, same(other).minorUnits);
  }

  private Money same(Money other) {
    if (!comparableWith(other)) {
      throw new IllegalArgumentException(
          "amounts of " + currency + " and " + other.currency + " can't be compared");
    }
    return other;
  }

  @Override
  public String toString() {
    return major().toPlainString() + " " + currency;
  }
}
