package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the receipts of one order would say, by its facts.
record ReceiptContents(
    Collection<PaymentFact> facts, PaymentPicture picture, Money paid, Money refunded) {

  boolean complete() {
    return picture.complete();
  }

  Optional<String> address() {
    return Optional.ofNullable(picture.details().customer().email())
        .map(String::strip)
        .filter(email -> !email.isEmpty());
  }

  /// @param nth which payment of the order it is, from 1
  ReceiptContent payment(int nth) {
    return content(
        Kind.PAYMENT,
        paid,
        picture.details().charged(),
        null,
        null,
        nth == 1 ? paidAt() : paidAgainAt());
  }

  /// @param amount what the payment's receipt said
  ReceiptContent bounced(PaymentEvent.Reversed reversal, Money amount) {
    return content(
        Kind.CORRECTION, amount, null, null, reversal.reason(), reversal.about().occurredAt());
  }

  /// @param amount what it gave back, in the order's currency
  ReceiptContent refund(RefundUpdated refund, Money amount) {
    return ofRefund(Kind.REFUND, refund, amount);
  }

  /// @param amount what its receipt said
  ReceiptContent correction(RefundUpdated refund, Money amount) {
    return ofRefund(Kind.CORRECTION, refund, amount);
  }

  ReceiptContent refundTotal(Money rise) {
    Instant at =
        facts.stream()
            .map(PaymentFact::event)
            .filter(PaymentEvent.RefundTotalUpdated.class::isInstance)
            .map(PaymentEvent.RefundTotalUpdated.class::cast)
            .max(
                Comparator.comparingLong(
                        (PaymentEvent.RefundTotalUpdated event) -> event.total().minorUnits())
                    .thenComparing(event -> event.about().occurredAt(), Comparator.reverseOrder()))
            .map(event -> event.about().occurredAt())
            .orElseGet(this::paidAt);
    return content(Kind.REFUND, rise, null, null, null, at);
  }

  private ReceiptContent ofRefund(Kind kind, RefundUpdated refund, Money amount) {
    return content(
        kind,
        amount,
        refund.charged() != null ? refund.charged() : refund.amount(),
        refund.refund(),
        refund.reason(),
        refund.about().occurredAt());
  }

  private Instant paidAt() {
    return successes().min(Comparator.naturalOrder()).orElseGet(picture::since);
  }

  private Instant paidAgainAt() {
    return successes().max(Comparator.naturalOrder()).orElseGet(picture::since);
  }

  private Stream<Instant> successes() {
    return facts.stream()
        .map(PaymentFact::event)
        .filter(PaymentEvent.Succeeded.class::isInstance)
        .map(event -> event.about().occurredAt());
  }

  private ReceiptContent content(
      Kind kind,
      Money amount,
      @Nullable Money charged,
      @Nullable String refund,
      @Nullable Reason reason,
      Instant happenedAt) {
    var details = picture.details();
    var customer = details.customer();
    return new ReceiptContent(
        kind,
        picture.about().endpoint(),
        picture.about().connectedAccount(),
        picture.about().order().paymentReference(),
        picture.about().livemode(),
        amount,
        charged == null || charged.comparableWith(amount) ? null : charged,
        paid,
        refunded,
        refund,
        reason,
        paidAt(),
        happenedAt,
        details.itemsState(),
        details.lineItems().stream().map(ReceiptContents::withoutCode).toList(),
        whatWasAgreedIsPaid() ? details.totals() : null,
        new Customer(null, customer.name(), null, customer.address(), null, null, customer.taxId()),
        details.reference(),
        details.description(),
        details.locale(),
        details.zone(),
        details.method(),
        null);
  }

  /// How the agreed amount came about says nothing of another one: of 40.00 that were captured out
  /// of 100.00, nobody may deduct the tax of 100.00.
  private boolean whatWasAgreedIsPaid() {
    return picture.amount() == null || paid.equals(picture.amount());
  }

  /// A code that was bought is as secret as a password: a receipt, which is kept and forwarded to
  /// bookkeepers, doesn't repeat it.
  private static LineItem withoutCode(LineItem line) {
    return new LineItem(
        line.id(),
        line.description(),
        line.quantity(),
        line.amount(),
        line.unitAmount(),
        line.subtotal(),
        line.discount(),
        line.tax(),
        line.sku(),
        line.product(),
        null,
        Map.of());
  }
}
