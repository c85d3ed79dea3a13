package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// How was paid, as far as a receipt may say it.
///
/// @param type for example `card` or `sepa_debit`
/// @param brand for example `visa`
/// @param last4 the last four digits of the card or account
public record PaymentMethod(String type, @Nullable String brand, @Nullable String last4) {

  @Override
  public String toString() {
    return "PaymentMethod[" + type + "]";
  }
}
