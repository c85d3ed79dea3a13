package dev.quittance.contracts;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Short ways to say what a provider said.
final class Facts {

  static final OrderId ORDER = OrderId.of("stripe", "pi_1");
  private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");

  private Facts() {}

  static PaymentFact fact(String id, PaymentEvent event) {
    return new PaymentFact(EventId.canonical("stripe", id, 0), 1, event);
  }

  static About at(long minute) {
    return new About(
        ORDER, "stripe", "stripe", "stripe", true, START.plusSeconds(minute * 60), "evt", "type");
  }

  static PaymentDetails session(Money amount) {
    return PaymentDetails.of(Origin.CHECKOUT, true, amount);
  }

  static PaymentDetails intent(Money amount) {
    return PaymentDetails.of(Origin.PAYMENT, false, amount);
  }

  static PaymentDetails charge(Money amount) {
    return PaymentDetails.of(Origin.CHARGE, false, amount);
  }

  static PaymentFact paid(long amount) {
    return fact("paid", new PaymentEvent.Succeeded(at(0), session(usd(amount))));
  }

  static PaymentFact refund(String id, RefundStatus status, long amount, long minute) {
    return fact(
        "refund-" + id + "-" + status + "-" + minute,
        new PaymentEvent.RefundUpdated(
            at(minute), id, status, usd(amount), null, false, null, null));
  }

  /// A report of success that says what was received and what was let go.
  static PaymentFact captured(Origin origin, long agreed, long received, long minute) {
    return fact(
        "captured-" + origin + "-" + received,
        new PaymentEvent.Succeeded(
            at(minute),
            said(
                PaymentDetails.of(origin, false, usd(agreed)),
                null,
                usd(received),
                usd(Math.max(0, agreed - received)))));
  }

  /// The same details with what was charged, received and released.
  static PaymentDetails said(
      PaymentDetails details,
      @Nullable Money charged,
      @Nullable Money received,
      @Nullable Money released) {
    return details.with(report -> {
      report.charged = charged;
      report.received = received;
      report.released = released;
    });
  }

  /// A total that was corrected by what was let go.
  static PaymentFact refundTotal(long total, long released, long minute) {
    return fact(
        "total-" + total + "-of-" + released + "-" + minute,
        new PaymentEvent.RefundTotalUpdated(at(minute), usd(total), usd(released)));
  }

  /// A refund that names the transaction by which the money went.
  static PaymentFact refundWithTransaction(String id, long amount, long minute) {
    return fact(
        "refund-" + id + "-transaction-" + minute,
        new PaymentEvent.RefundUpdated(
            at(minute), id, RefundStatus.SUCCEEDED, usd(amount), null, false, "txn_" + id, null));
  }

  /// A refund told in any currency.
  static PaymentFact refundIn(Money amount, String id, RefundStatus status, long minute) {
    return fact(
        "refund-" + id + "-" + status + "-" + minute,
        new PaymentEvent.RefundUpdated(at(minute), id, status, amount, null, false, null, null));
  }

  static PaymentFact refundTotal(long total, long minute) {
    return fact(
        "total-" + total + "-" + minute,
        new PaymentEvent.RefundTotalUpdated(at(minute), usd(total), null));
  }

  static PaymentFact dispute(String id, DisputeStatus status, long minute) {
    return fact(
        "dispute-" + id + "-" + status + "-" + minute,
        new PaymentEvent.DisputeUpdated(at(minute), id, status, null, null));
  }

  /// A success of a named attempt.
  static PaymentFact succeeded(String attempt, long amount, long minute) {
    return fact(
        "succeeded-" + attempt,
        new PaymentEvent.Succeeded(at(minute), intent(usd(amount)), attempt));
  }

  static PaymentFact reversed(@Nullable String attempt, long minute) {
    return fact(
        "reversed-" + attempt + "-" + minute,
        new PaymentEvent.Reversed(at(minute), attempt, Reason.of("insufficient_funds")));
  }

  static PaymentFact items(ItemsState state, long minute, LineItem... items) {
    return fact(
        "items-" + state + "-" + minute,
        new PaymentEvent.ItemsKnown(at(minute), state, List.of(items), null));
  }

  static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
