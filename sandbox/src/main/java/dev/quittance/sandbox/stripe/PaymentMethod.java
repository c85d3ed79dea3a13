package dev.quittance.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;

/// What a payment is paid with.
///
/// @param type Stripe's name of the kind
/// @param brand the card's brand; empty for others
/// @param last4 the last digits of the card's or the account's number
public record PaymentMethod(String type, String brand, String last4) {

  /// The card that succeeds.
  public static final PaymentMethod VISA = new PaymentMethod("card", "visa", "4242");

  /// The debit that succeeds after a while.
  public static final PaymentMethod SEPA_DEBIT = new PaymentMethod("sepa_debit", "", "3201");

  /// Whether the money comes only days later, if at all.
  public boolean delayed() {
    return !type.equals("card");
  }

  ObjectNode details() {
    ObjectNode details = JsonText.object();
    if (delayed()) {
      details
          .putObject(type)
          .put("bank_code", "19043")
          .put("branch_code", "")
          .put("country", "AT")
          .put("last4", last4);
    } else {
      ObjectNode card = details.putObject("card");
      card.put("brand", brand);
      card.putObject("checks")
          .putNull("address_line1_check")
          .put("address_postal_code_check", "pass")
          .put("cvc_check", "pass");
      card.put("country", "US")
          .put("exp_month", 12)
          .put("exp_year", 2034)
          .put("funding", "credit")
          .put("last4", last4)
          .put("network", brand)
          .putNull("three_d_secure")
          .putNull("wallet");
    }
    return details.put("type", type);
  }
}
