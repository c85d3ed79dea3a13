package dev.quittance.receipts.receipt;

import static java.util.Comparator.comparingLong;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the facts say now about receipts that went out. A receipt is never changed and nothing
/// about it is mailed by itself: where the two differ, an operator is shown so.
public final class SupportedAmounts {

  private SupportedAmounts() {}

  /// Of the receipts that were sent those whose amount the facts don't support, each with what they
  /// do: nothing where there was no such payment or refund. A refund that failed is not among them:
  /// it has its correction.
  ///
  /// @param facts all facts of the order; none when all were withdrawn
  /// @param existing all its receipts
  public static Map<ReceiptKey, Money> differing(
      Collection<PaymentFact> facts, Map<ReceiptKey, Standing> existing) {
    var differing = new HashMap<ReceiptKey, Money>();
    supported(facts, existing)
        .forEach((key, supported) -> {
          Standing standing = existing.get(key);
          if (standing != null && !supported.equals(standing.amount())) {
            differing.put(key, supported);
          }
        });
    return differing;
  }

  private static Map<ReceiptKey, Money> supported(
      Collection<PaymentFact> facts, Map<ReceiptKey, Standing> existing) {
    Optional<PaymentPicture> picture =
        facts.isEmpty() ? Optional.empty() : Optional.of(PaymentPicture.of(facts));
    @Nullable Money paid =
        picture.filter(PaymentPicture::funded).map(PaymentPicture::paid).orElse(null);
    @Nullable Money refunded =
        paid == null ? null : picture.map(PaymentPicture::refunded).orElse(null);
    var supported = new HashMap<ReceiptKey, Money>();
    Money rest = refunded;
    for (Map.Entry<ReceiptKey, Standing> sent : sent(existing)) {
      ReceiptKey key = sent.getKey();
      Money said = sent.getValue().amount();
      Money none = Money.zero(said.currency());
      switch (key.kind()) {
        case PAYMENT -> supported.put(key, paid == null ? none : paid);
        case REFUND -> {
          if (key.ofTotal()) {
            Money left = rest == null || !rest.comparableWith(said) ? none : rest.min(said);
            supported.put(key, left);
            rest = rest == null || !rest.comparableWith(said) ? rest : rest.minus(left);
          } else {
            RefundUpdated refund =
                picture.map(known -> known.refunds().get(key.subject())).orElse(null);
            if (refund == null || paid == null) {
              supported.put(key, none);
            } else if (refund.status() == RefundStatus.SUCCEEDED) {
              Money gave = PaymentPicture.refundedBy(refund, paid);
              supported.put(key, gave.isPositive() ? gave : refund.amount());
              rest =
                  rest == null || !rest.comparableWith(gave)
                      ? rest
                      : rest.minus(gave.min(rest).max(Money.zero(rest.currency())));
            }
          }
        }
        case CORRECTION -> {}
      }
    }
    return supported;
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
