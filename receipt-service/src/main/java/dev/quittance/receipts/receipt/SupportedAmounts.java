package dev.quittance.receipts.receipt;

import static java.util.Comparator.comparingLong;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.RefundCount;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the facts say now about receipts that went out. A receipt is never changed and nothing
/// about it is mailed by itself: where the two differ, an operator is shown so.
public final class SupportedAmounts {

  private SupportedAmounts() {}

  /// Of the receipts that were sent those whose amount the facts don't support, each with what they
  /// do: nothing where there was no such payment or refund. Not among them are a refund that
  /// failed, which has its correction, and what was corrected to that amount.
  ///
  /// @param facts all facts of the order; none when all were withdrawn
  /// @param existing all its receipts
  public static Map<ReceiptKey, Money> differing(
      Collection<PaymentFact> facts, Map<ReceiptKey, Standing> existing) {
    var differing = new HashMap<ReceiptKey, Money>();
    var told = new Told(existing);
    supported(facts, existing)
        .forEach((key, supported) -> {
          Standing standing = existing.get(key);
          if (standing != null && !supported.equals(told.amount(key, standing))) {
            differing.put(key, supported);
          }
        });
    return differing;
  }

  private static Map<ReceiptKey, Money> supported(
      Collection<PaymentFact> facts, Map<ReceiptKey, Standing> existing) {
    Optional<PaymentPicture> picture =
        facts.isEmpty() ? Optional.empty() : Optional.of(PaymentPicture.of(facts));
    Optional<PaymentPicture> funded = picture.filter(PaymentPicture::funded);
    Optional<RefundCount> count = funded.map(PaymentPicture::refundCount);
    var supported = new HashMap<ReceiptKey, Money>();
    Optional<Money> left = count.map(RefundCount::refunded);
    for (Map.Entry<ReceiptKey, Standing> sent : sent(existing)) {
      ReceiptKey key = sent.getKey();
      Money none = Money.zero(sent.getValue().amount().currency());
      switch (key.kind()) {
        case PAYMENT -> supported.put(key, funded.map(PaymentPicture::paid).orElse(none));
        case REFUND -> {
          Optional<RefundUpdated> refund = funded.map(known -> known.refunds().get(key.subject()));
          Money wanted =
              key.ofTotal()
                  ? sent.getValue().amount()
                  : refund
                      .filter(known -> known.status() == RefundStatus.SUCCEEDED)
                      .flatMap(known -> count.flatMap(sum -> sum.amount(known)))
                      .orElse(none);
          Money nothing = Money.zero(wanted.currency()); // which need not be the receipt's
          Money gave =
              left.filter(wanted::comparableWith).map(wanted::min).orElse(nothing).max(nothing);
          left = left.map(rest -> rest.comparableWith(gave) ? rest.minus(gave) : rest);
          if (refund.isEmpty() || !givenUp(refund.get().status())) {
            supported.put(key, gave);
          }
        }
        case CORRECTION -> {}
      }
    }
    return supported;
  }

  private static boolean givenUp(RefundStatus status) {
    return switch (status) {
      case CANCELED, FAILED -> true;
      case PENDING, REQUIRES_ACTION, SUCCEEDED -> false;
    };
  }

  /// The single refunds before those that were known from totals only, the smallest total first:
  /// what is left of the refunded sum is theirs.
  private static List<Map.Entry<ReceiptKey, Standing>> sent(Map<ReceiptKey, Standing> existing) {
    return existing.entrySet().stream()
        .filter(entry -> entry.getValue().status() == Status.SENT)
        .sorted(comparingLong(entry -> entry.getKey().totalMinorUnits()))
        .toList();
  }
}
