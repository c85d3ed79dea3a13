package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;

/// Stripe's events in our words. Reads all API versions since 2019: a field that is missing, null,
/// renamed or moved costs what it would have said, never the event.
final class StripeTranslator {

  /// A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint) {
    return Fields.parse(webhook.body())
        .map(envelope -> translate(envelope, webhook, endpoint))
        .orElseGet(() -> StripeEvent.unreadable("the body is no JSON object"));
  }

  private static Translation translate(Fields envelope, Webhook webhook, Endpoint endpoint) {
    String type = envelope.text("type");
    if (type == null) {
      return StripeEvent.unreadable("the event has no type");
    }
    var event =
        new StripeEvent(envelope, type, envelope.child("data").child("object"), webhook, endpoint);
    if (!endpoint.mode().admits(event.livemode())) {
      return new Translation.Ignored("other_mode");
    }
    try {
      return translate(event);
    } catch (UnreadableMoney e) {
      return new Translation.Untranslatable(
          DeadLetter.Why.UNREADABLE_MONEY, "the event holds " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return StripeEvent.unreadable("the event holds an id that can't be one");
    }
  }

  private static Translation translate(StripeEvent event) {
    return switch (event.type()) {
      case "checkout.session.completed",
          "checkout.session.async_payment_succeeded",
          "checkout.session.async_payment_failed",
          "checkout.session.expired" ->
          CheckoutSessions.translate(event);
      case "payment_intent.processing",
          "payment_intent.partially_funded",
          "payment_intent.amount_capturable_updated",
          "payment_intent.requires_capture",
          "payment_intent.succeeded",
          "payment_intent.payment_failed",
          "payment_intent.canceled" ->
          PaymentIntents.translate(event);
      case "charge.pending",
          "charge.succeeded",
          "charge.captured",
          "charge.failed",
          "charge.expired",
          "charge.refunded" ->
          Charges.translate(event);
      case "refund.created", "refund.updated", "refund.failed", "charge.refund.updated" ->
          Refunds.translate(event);
      case "charge.dispute.created",
          "charge.dispute.updated",
          "charge.dispute.closed",
          "charge.dispute.funds_withdrawn",
          "charge.dispute.funds_reinstated" ->
          Disputes.translate(event);
      default -> new Translation.Ignored("unknown_type");
    };
  }
}
