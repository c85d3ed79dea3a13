package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.ReceiptEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a receipt is for. There is at most one receipt per key.
///
/// @param subject within the kind: `payment`, a refund's id, `total:{minor units}` for refunds that
///   are known from their total only, or `amount:{receipt}:{minor units}:{n}` for the nth
///   correction of what a receipt said
public record ReceiptKey(OrderId order, Kind kind, String subject) {

  private static final String PAYMENT = "payment";
  private static final String TOTAL = "total:";
  private static final Pattern AMOUNT =
      Pattern.compile("amount:(rcp_[a-z2-7]{26}):-?[0-9]{1,19}:([1-9][0-9]{0,8})");
  private static final String BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int ID_BYTES = 16;

  /// The one receipt of an order's payment.
  public static ReceiptKey payment(OrderId order) {
    return new ReceiptKey(order, Kind.PAYMENT, PAYMENT);
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
    byte[] digest = sha256(text);
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

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
