package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.RefundCount;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the facts say now about receipts that went out. A receipt is never changed and nothing
/// about it is mailed by itself: where the two differ, an operator is shown so.
public final class SupportedAmounts {

  private SupportedAmounts() {}

  /// Of the receipts that were sent, or may be sent as they are, those whose amount the facts don't
  /// support, each with what they do: nothing where there was no such payment or refund. Not among
  /// them are a refund that failed, which has its correction, and what was corrected to that
  /// amount.
  ///
  /// @param facts all facts of the order; none when all were withdrawn
  /// @param existing all its receipts
  public static Map<ReceiptKey, Money> differing(
      Collection<PaymentFact> facts, Map<ReceiptKey, ReceiptSummary> existing) {
    var differing = new HashMap<ReceiptKey, Money>();
    var announced = new AnnouncedAmounts(existing);
    Optional<PaymentPicture> picture =
        facts.isEmpty() ? Optional.empty() : Optional.of(PaymentPicture.of(facts));
    Map<ReceiptKey, Money> supported =
        picture
            .filter(PaymentPicture::everFunded)
            .map(funded -> supported(funded, existing))
            .orElse(Map.of());
    existing.forEach((key, standing) -> {
      if (standing.underWayOrSent() && !hasItsCorrection(key, picture, existing)) {
        Money said = announced.amount(key, standing);
        Money right = supported.getOrDefault(key, Money.zero(standing.amount().currency()));
        if (!right.equals(said)) {
          differing.put(key, right);
        }
      }
    });
    return differing;
  }

  private static Map<ReceiptKey, Money> supported(
      PaymentPicture funded, Map<ReceiptKey, ReceiptSummary> existing) {
    OrderId order = funded.about().order();
    var supported = new HashMap<ReceiptKey, Money>();
    Money paid = funded.paid();
    if (paid != null) {
      existing.keySet().stream()
          .filter(key -> key.kind() == Kind.PAYMENT)
          .forEach(key -> supported.put(key, paid));
      supported.put(ReceiptKey.payment(order), paid);
    }
    RefundCount count = funded.refundCount();
    if (count != null) {
      for (RefundUpdated refund : funded.refunds().values()) {
        if (refund.status() == RefundStatus.SUCCEEDED) {
          count
              .amount(refund)
              .ifPresent(
                  amount -> supported.put(ReceiptKey.refund(order, refund.refund()), amount));
        }
      }
      supported.putAll(
          TotalReceipts.of(order, count, funded.refunds().values(), existing).supported());
    }
    return supported;
  }

  /// A correction, and the receipts of a payment that bounced and of a refund that failed, of which
  /// the plan makes one.
  private static boolean hasItsCorrection(
      ReceiptKey key, Optional<PaymentPicture> picture, Map<ReceiptKey, ReceiptSummary> existing) {
    return switch (key.kind()) {
      case PAYMENT ->
          picture.filter(PaymentPicture::reversed).isPresent()
              || existing.keySet().stream()
                  .anyMatch(other -> other.correctsBounced().filter(key::equals).isPresent());
      case REFUND ->
          picture
              .map(known -> known.refunds().get(key.subject()))
              .filter(refund -> givenUp(refund.status()))
              .isPresent();
      case CORRECTION -> true;
    };
  }

  private static boolean givenUp(RefundStatus status) {
    return switch (status) {
      case CANCELED, FAILED -> true;
      case PENDING, REQUIRES_ACTION, SUCCEEDED -> false;
    };
  }
}
