package dev.quittance.ingest.provider.paysuper;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/// PaySuper's amounts: JSON decimals in major units.
final class PaySuperMoney {

  /// PaySuper computes in 64-bit floats, which hold 15 decimal digits: what its JSON shows beyond
  /// them (`90.00000000000001`) is noise of that arithmetic, not money.
  private static final MathContext FLOAT_DIGITS = new MathContext(15);

  private PaySuperMoney() {}

  /// An amount that a payment can't be without.
  ///
  /// @throws UnreadableMoney when it or its currency is missing, or no number, negative, unknown,
  ///   or nothing that the currency can hold exactly
  static Money read(Fields fields, String amountName, String currencyName) {
    BigDecimal amount = fields.decimal(amountName);
    String currency = fields.text(currencyName);
    if (amount == null || currency == null) {
      throw new UnreadableMoney(amount == null ? "no amount" : "an amount without a currency");
    }
    if (amount.signum() < 0) {
      throw new UnreadableMoney("a negative amount");
    }
    return Money.ofMajor(amount.round(FLOAT_DIGITS), currency);
  }

  /// An amount that the payment can be without: when it can't be read, the payment still can.
  static @Nullable Money readAside(Fields fields, String amountName, String currencyName) {
    try {
      return read(fields, amountName, currencyName);
    } catch (UnreadableMoney e) {
      return null;
    }
  }
}
