package dev.quittance.sandbox.stripe;

/// Why a bank refuses a payment.
///
/// @param code Stripe's error code
/// @param declineCode the issuer's reason, as Stripe names it
/// @param message what the customer reads
public record Decline(String code, String declineCode, String message) {

  /// The issuer gives no reason.
  public static final Decline GENERIC =
      new Decline("card_declined", "generic_decline", "Your card was declined.");

  /// There isn't enough money.
  public static final Decline INSUFFICIENT_FUNDS =
      new Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.");

  /// The customer didn't authenticate.
  public static final Decline NOT_AUTHENTICATED =
      new Decline(
          "payment_intent_authentication_failure",
          "authentication_required",
          "We are unable to authenticate your payment method. Please choose a different payment"
              + " method and try again.");

  /// The bank sent the debit back.
  public static final Decline DEBIT_RETURNED =
      new Decline(
          "payment_intent_payment_attempt_failed",
          "insufficient_funds",
          "The customer's bank account could not be debited.");
}
