package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Sha256;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a receipt is for. There is at most one receipt per key.
///
/// @param subject within the kind: `payment`, or `payment:{n}` for the nth time that one order was
///   paid; a refund's id, or `total:{minor units}` for refunds that are known from their total
///   only; of a correction the refund's id, `bounced:{n}` for the nth payment, or
///   `amount:{receipt}:{minor units}:{n}` for the nth correction of what a receipt said
public record ReceiptKey(OrderId order, Kind kind, String subject) {

  private static final String PAYMENT = "payment";
  private static final String TOTAL = "total:";
  private static final Pattern BOUNCED = Pattern.compile("bounced:([1-9][0-9]{0,8})");
  private static final Pattern AMOUNT =
      Pattern.compile("amount:(rcp_[a-z2-7]{26}):-?[0-9]{1,19}:([1-9][0-9]{0,8})");
  private static final String BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int ID_BYTES = 16;

  /// The receipt of an order's payment; the one, unless it bounces.
  public static ReceiptKey payment(OrderId order) {
    return payment(order, 1);
  }

  /// The receipt of an order's payment.
  ///
  /// @param nth from 1: a payment that bounced may be followed by another
  public static ReceiptKey payment(OrderId order, int nth) {
    return new ReceiptKey(order, Kind.PAYMENT, nth == 1 ? PAYMENT : PAYMENT + ":" + nth);
  }

  /// The correction of a payment's receipt, when the payment bounced.
  ///
  /// @param nth the payment's, from 1
  public static ReceiptKey bounced(OrderId order, int nth) {
    return new ReceiptKey(order, Kind.CORRECTION, "bounced:" + nth);
  }

  /// The receipt of the payment that bounced, where this is the correction of that.
  public Optional<ReceiptKey> correctsBounced() {
    return kind == Kind.CORRECTION
        ? Optional.of(BOUNCED.matcher(subject))
            .filter(Matcher::matches)
            .map(bounced -> payment(order, Integer.parseInt(bounced.group(1))))
        : Optional.empty();
  }

  /// The correction of the payment before this one, where this is a further payment's receipt.
  Optional<ReceiptKey> afterBounced() {
    return kind == Kind.PAYMENT && !subject.equals(PAYMENT)
        ? Optional.of(bounced(order, Integer.parseInt(subject.substring(PAYMENT.length() + 1)) - 1))
        : Optional.empty();
  }

  /// The receipt of one refund.
  public static ReceiptKey refund(OrderId order, String refund) {
    return new ReceiptKey(order, Kind.REFUND, refund);
  }

  /// The receipt of what was refunded up to a total, as far as no single refund explains it.
  public static ReceiptKey refundTotal(OrderId order, long minorUnits) {
    return new ReceiptKey(order, Kind.REFUND, TOTAL + minorUnits);
  }

  /// The correction of a refund's receipt.
  public static ReceiptKey correction(OrderId order, String refund) {
    return new ReceiptKey(order, Kind.CORRECTION, refund);
  }

  /// The correction of what a receipt said.
  ///
  /// @param right what it should have said
  /// @param nth from 1: facts may change more than once, also back
  public static ReceiptKey amountCorrection(ReceiptKey wrong, Money right, int nth) {
    return new ReceiptKey(
        wrong.order,
        Kind.CORRECTION,
        "amount:" + wrong.id().value() + ":" + right.minorUnits() + ":" + nth);
  }

  /// Which receipt it corrects the amount of, if it does that: an operator asked for it, and no
  /// plan calls for it.
  public Optional<ReceiptId> correctsAmountOf() {
    return amount().map(amount -> new ReceiptId(amount.group(1)));
  }

  /// Which of such corrections it is, from 1; 0 for others.
  public int nth() {
    return amount().map(amount -> Integer.parseInt(amount.group(2))).orElse(0);
  }

  private Optional<MatchResult> amount() {
    return kind == Kind.CORRECTION
        ? Optional.of(AMOUNT.matcher(subject)).filter(Matcher::matches).map(Matcher::toMatchResult)
        : Optional.empty();
  }

  /// Whether it is a refund that is known from a total only.
  public boolean ofTotal() {
    return kind == Kind.REFUND && subject.startsWith(TOTAL);
  }

  /// The total that such a refund was known from, in minor units; nothing for others.
  long totalMinorUnits() {
    return ofTotal() ? Long.parseLong(subject.substring(TOTAL.length())) : 0;
  }

  /// The id that follows from the key.
  public ReceiptId id() {
    return new ReceiptId(
        "rcp_"
            + digest(order.value() + "\n" + kind.name().toLowerCase(Locale.ROOT) + "\n" + subject));
  }

  /// 26 lower-case letters and digits that follow from a text.
  public static String digest(String text) {
    byte[] digest = Sha256.of(text);
    var id = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < ID_BYTES; i++) {
      buffer = (buffer << 8) | (digest[i] & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        id.append(BASE_32.charAt((buffer >> bits) & 31));
      }
      buffer &= 0xff;
    }
    id.append(BASE_32.charAt((buffer << (5 - bits)) & 31));
    return id.toString();
  }
}
