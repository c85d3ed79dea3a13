package dev.quittance.ingest.provider.stripe;

import static dev.quittance.ingest.provider.stripe.StripeEventType.CHARGE_DISPUTE_CLOSED;

import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.Reason;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What the events about a dispute say. Money moved because of one (`funds_withdrawn`,
/// `funds_reinstated`) counts by the status that the dispute has.
final class DisputeEvents {

  private DisputeEvents() {}

  static Translation translate(StripeEvent event) {
    String payment = RefundEvents.paymentOf(event.object());
    return payment == null
        ? event.paymentUnknown("the dispute names no PaymentIntent")
        : event.linked(translate(event, payment));
  }

  /// What the event says about a payment that is known.
  static Translation translate(StripeEvent event, String payment) {
    Fields dispute = event.object();
    // Disputes of the oldest API versions have no id; a charge had at most one of them.
    String id = Fields.first(dispute.text("id"), dispute.id("charge"));
    DisputeStatus status = status(dispute, event.is(CHARGE_DISPUTE_CLOSED));
    if (id == null || status == null) {
      return Translation.unreadable("the dispute has no id or no known outcome");
    }
    String reason = dispute.text("reason");
    return StripeEvent.fact(
        new PaymentEvent.DisputeUpdated(
            event.about(payment),
            id,
            status,
            StripeMoney.readAside(dispute, "amount", "currency"),
            reason == null ? null : Reason.of(reason)));
  }

  /// A status that nobody knows yet counts as open, which holds the goods; but how a dispute ended
  /// is not guessed.
  private static @Nullable DisputeStatus status(Fields dispute, boolean closed) {
    return switch (dispute.text("status")) {
      case "warning_needs_response", "warning_under_review" -> DisputeStatus.INQUIRY;
      case "needs_response", "under_review" -> DisputeStatus.OPEN;
      case "won" -> DisputeStatus.WON;
      case "lost" -> DisputeStatus.LOST;
      case "prevented" -> givenBack(dispute) ? DisputeStatus.LOST : DisputeStatus.WARNING_CLOSED;
      // Settled by a refund, which is reported as one: nothing is lost by the dispute itself.
      case "warning_closed", "charge_refunded" -> DisputeStatus.WARNING_CLOSED;
      case null, default -> closed ? null : DisputeStatus.OPEN;
    };
  }

  /// Whether a dispute was prevented by giving the money back through the card network (Visa's
  /// Rapid Dispute Resolution: case type `resolution`), which makes no refund, only a transaction
  /// of the dispute. One that was blocked moved nothing
  /// ([changelog](https://docs.stripe.com/changelog/basil/2025-08-27/add-preventions-to-dispute)).
  private static boolean givenBack(Fields dispute) {
    String caseType = dispute.child("payment_method_details").child("card").text("case_type");
    BigDecimal net =
        dispute.children("balance_transactions").stream()
            .map(transaction -> transaction.decimal("amount"))
            .map(amount -> amount == null ? BigDecimal.ZERO : amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return "resolution".equals(caseType) || net.signum() < 0;
  }
}
