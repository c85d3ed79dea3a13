package dev.quittance.ingest.provider.stripe;

import static dev.quittance.ingest.provider.stripe.StripeEventType.REFUND_FAILED;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import org.jspecify.annotations.Nullable;

/// What the events about a single refund say.
final class RefundEvents {

  private RefundEvents() {}

  static Translation translate(StripeEvent event) {
    String payment = paymentOf(event.object());
    return payment == null
        ? event.paymentUnknown("the refund names no PaymentIntent")
        : event.linked(translate(event, payment));
  }

  /// What the event says about a payment that is known.
  static Translation translate(StripeEvent event, String payment) {
    PaymentEvent read = read(event.object(), event.about(payment));
    return read == null ? Translation.unreadable("the refund has no id") : StripeEvent.fact(read);
  }

  /// The PaymentIntent, named by the object itself or by its charge when that is given in full.
  static @Nullable String paymentOf(Fields object) {
    String direct = object.id("payment_intent");
    return direct != null ? direct : object.child("charge").id("payment_intent");
  }

  /// One of a list that a total stands beside, unless it can't be read.
  static @Nullable PaymentEvent readAside(Fields refund, About about) {
    try {
      return read(refund, about);
    } catch (UnreadableMoney e) {
      return null;
    }
  }

  /// One refund, unless it lacks an id.
  ///
  /// @throws UnreadableMoney when it has no amount that could be read
  private static @Nullable PaymentEvent read(Fields refund, About about) {
    String id = refund.text("id");
    if (id == null) {
      return null;
    }
    Money amount = StripeMoney.required(StripeMoney.read(refund, "amount", "currency"));
    RefundStatus status = status(refund.text("status"), about.sourceType());
    return new PaymentEvent.RefundUpdated(
        about,
        id,
        status,
        amount,
        StripeParties.presented(refund),
        false,
        refund.id("balance_transaction"),
        reason(refund, status));
  }

  /// A status that nobody knows yet counts as pending, which moves no money.
  private static RefundStatus status(@Nullable String status, String type) {
    return switch (status) {
      case "succeeded" -> RefundStatus.SUCCEEDED;
      case "failed" -> RefundStatus.FAILED;
      case "canceled" -> RefundStatus.CANCELED;
      case "requires_action" -> RefundStatus.REQUIRES_ACTION;
      case null, default ->
          type.equals(REFUND_FAILED.stripesName()) ? RefundStatus.FAILED : RefundStatus.PENDING;
    };
  }

  private static @Nullable Reason reason(Fields refund, RefundStatus status) {
    String code =
        status == RefundStatus.FAILED
            ? Fields.first(refund.text("failure_reason"), refund.text("reason"))
            : refund.text("reason");
    return code == null ? null : Reason.of(code);
  }
}
