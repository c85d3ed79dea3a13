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

  /// An amount, or null when either field is absent.
  ///
  /// @throws UnreadableMoney when the currency can't hold the amount exactly, or is unknown
  static @Nullable Money read(Fields fields, String amountName, String currencyName) {
    BigDecimal amount = fields.decimal(amountName);
    String currency = fields.text(currencyName);
    return amount == null || currency == null
        ? null
        : Money.ofMajor(amount.round(FLOAT_DIGITS), currency);
  }

  /// An amount that is only told along: when it can't be read, the payment still can.
  static @Nullable Money readAside(Fields fields, String amountName, String currencyName) {
    try {
      return read(fields, amountName, currencyName);
    } catch (UnreadableMoney e) {
      return null;
    }
  }
}
