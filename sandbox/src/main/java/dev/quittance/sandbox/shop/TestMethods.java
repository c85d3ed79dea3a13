package dev.quittance.sandbox.shop;

import dev.quittance.sandbox.stripe.Decline;
import dev.quittance.sandbox.stripe.PaymentMethod;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/// The providers' test cards and accounts, and what each does.
final class TestMethods {

  static final List<Sample> STRIPE_CARDS =
      List.of(
          new Sample("4242 4242 4242 4242", "succeeds"),
          new Sample("4000 0025 0000 3155", "asks for authentication"),
          new Sample("4000 0000 0000 9995", "has insufficient funds"),
          new Sample("4000 0000 0000 0002", "is declined"));

  static final List<Sample> STRIPE_ACCOUNTS =
      List.of(
          new Sample("AT61 1904 3002 3457 3201", "succeeds after a while"),
          new Sample("AT86 1904 3002 3547 3202", "fails after a while"));

  static final List<Sample> PAYSUPER_CARDS =
      List.of(
          new Sample("4000 0000 0000 0077", "succeeds"),
          new Sample("4000 0000 0000 0002", "succeeds after 3-D Secure"),
          new Sample("5555 5555 5555 4477", "is declined"),
          new Sample("5555 5555 5555 4444", "is declined after 3-D Secure"));

  private static final DateTimeFormatter EXPIRY = DateTimeFormatter.ofPattern("MM/yy");

  private TestMethods() {}

  /// What a card does at Stripe.
  static Verdict stripeCard(String number, String expiry, String cvc, YearMonth now) {
    String digits = digits(number);
    String complaint = complaint(digits, expiry, cvc, now);
    if (!complaint.isEmpty()) {
      return new Verdict.Unreadable(complaint);
    }
    String last4 = digits.substring(digits.length() - 4);
    PaymentMethod card = new PaymentMethod("card", "visa", last4);
    return switch (digits) {
      case "4242424242424242" -> new Verdict.Approved(card);
      case "4000002500003155" -> new Verdict.Authenticate(card);
      case "4000000000009995" -> new Verdict.Declined(card, Decline.INSUFFICIENT_FUNDS);
      case "4000000000000002" -> new Verdict.Declined(card, Decline.GENERIC);
      default -> new Verdict.Unreadable(notATestCard());
    };
  }

  /// What an account does at Stripe.
  static Verdict stripeAccount(String iban) {
    return switch (iban.replaceAll("\\s", "").toUpperCase(Locale.ROOT)) {
      case "AT611904300234573201" -> new Verdict.Delayed(account("3201"), true);
      case "AT861904300235473202" -> new Verdict.Delayed(account("3202"), false);
      default -> new Verdict.Unreadable("This isn't one of the test IBANs below.");
    };
  }

  /// What a card does at PaySuper.
  static Verdict paySuperCard(String number, String expiry, String cvc, YearMonth now) {
    String digits = digits(number);
    String complaint = complaint(digits, expiry, cvc, now);
    if (!complaint.isEmpty()) {
      return new Verdict.Unreadable(complaint);
    }
    PaymentMethod card = new PaymentMethod("card", "visa", digits.substring(digits.length() - 4));
    return switch (digits) {
      case "4000000000000077" -> new Verdict.Approved(card);
      case "4000000000000002", "5555555555554444" -> new Verdict.Authenticate(card);
      case "5555555555554477" -> new Verdict.Declined(card, Decline.GENERIC);
      default -> new Verdict.Unreadable(notATestCard());
    };
  }

  /// Whether a number's check digit is right.
  static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = digit * 2;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }

  private static String complaint(String digits, String expiry, String cvc, YearMonth now) {
    if (!digits.matches("[0-9]{13,19}") || !luhn(digits)) {
      return "Your card number is invalid.";
    }
    try {
      if (YearMonth.parse(expiry.replaceAll("\\s", ""), EXPIRY).isBefore(now)) {
        return "Your card's expiration date is in the past.";
      }
    } catch (DateTimeParseException e) {
      return "The expiration date is like 12/34.";
    }
    return cvc.strip().matches("[0-9]{3,4}") ? "" : "The security code has three or four digits.";
  }

  private static String digits(String number) {
    return number.replaceAll("[\\s-]", "");
  }

  private static String notATestCard() {
    return "Your card was declined. This is a test: only the test cards below work.";
  }

  private static PaymentMethod account(String last4) {
    return new PaymentMethod("sepa_debit", "", last4);
  }

  /// A number to try, and what it does.
  record Sample(String number, String effect) {

    /// As it stands in an address.
    public String plain() {
      return number.replace(" ", "");
    }
  }

  /// What a way to pay does.
  sealed interface Verdict {

    /// The money is there.
    record Approved(PaymentMethod method) implements Verdict {}

    /// The customer's bank asks the customer first.
    record Authenticate(PaymentMethod method) implements Verdict {}

    /// The bank refuses.
    record Declined(PaymentMethod method, Decline decline) implements Verdict {}

    /// The money comes in a while, or doesn't.
    record Delayed(PaymentMethod method, boolean comes) implements Verdict {}

    /// The customer mistyped.
    record Unreadable(String complaint) implements Verdict {}
  }
}
