package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.util.List;
import java.util.function.Supplier;

/// Stripe's events in our words. Reads all API versions since 2019: a field that is missing, null,
/// renamed or moved costs what it would have said, never the event.
final class StripeTranslator {

  /// The events that concern a payment.
  static final List<String> KNOWN =
      List.of(
          "checkout.session.completed",
          "checkout.session.async_payment_succeeded",
          "checkout.session.async_payment_failed",
          "checkout.session.expired",
          "payment_intent.processing",
          "payment_intent.partially_funded",
          "payment_intent.amount_capturable_updated",
          "payment_intent.requires_capture",
          "payment_intent.succeeded",
          "payment_intent.payment_failed",
          "payment_intent.canceled",
          "charge.pending",
          "charge.succeeded",
          "charge.captured",
          "charge.updated",
          "charge.failed",
          "charge.expired",
          "charge.refunded",
          "refund.created",
          "refund.updated",
          "refund.failed",
          "charge.refund.updated",
          "charge.dispute.created",
          "charge.dispute.updated",
          "charge.dispute.closed",
          "charge.dispute.funds_withdrawn",
          "charge.dispute.funds_reinstated");

  /// A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .map(StripeTranslator::translate)
        .orElseGet(() -> StripeEvent.unreadable("the body is no event"));
  }

  /// What an event means as far as it says.
  static Translation translate(StripeEvent event) {
    if (!event.endpoint().mode().admits(event.livemode())) {
      return new Translation.Ignored("other_mode");
    }
    return guarded(() -> meaning(event));
  }

  /// Turns what an event can't hold into the reason why it can't be understood.
  static Translation guarded(Supplier<Translation> meaning) {
    try {
      return meaning.get();
    } catch (UnreadableMoney e) {
      return new Translation.Untranslatable(
          DeadLetter.Why.UNREADABLE_MONEY, "the event holds " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return StripeEvent.unreadable("the event holds an id that can't be one");
    }
  }

  private static Translation meaning(StripeEvent event) {
    if (event.thin() && KNOWN.contains(event.type())) {
      return event.relatedPath().isPresent()
          ? event.paymentUnknown("a thin event can't be fetched without an API key")
          : StripeEvent.unreadable("the thin event doesn't name its object");
    }
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
          "charge.updated",
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
