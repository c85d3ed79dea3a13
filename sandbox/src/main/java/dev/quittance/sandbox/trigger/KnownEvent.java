package dev.quittance.sandbox.trigger;

import static dev.quittance.sandbox.trigger.Step.*;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.quittance.sandbox.events.Provider;
import java.util.List;
import java.util.Optional;

/// An event that can be triggered.
///
/// @param event the provider's name for it; of Standard Webhooks with `standard/` before it;
///   `paysuper/test` for the Test button and `charge.failed/returned` for a debit that had arrived,
///   which have no event of their own
/// @param explanation one line: what happens
/// @param steps what has to happen for it, in this order
record KnownEvent(
    Provider provider, String event, String explanation, @JsonIgnore List<Step> steps) {

  private static final String RETURNED_DEBIT = "charge.failed/returned";

  /// All of them, as they are listed.
  static final List<KnownEvent> ALL =
      List.of(
          stripe(
              "checkout.session.completed",
              "A customer pays 2 × 15.00 USD by card at the checkout.",
              OPEN_SESSION,
              PAY),
          stripe(
              "checkout.session.async_payment_succeeded",
              "A SEPA debit in EUR: first completed and unpaid, then the money arrives.",
              OPEN_SESSION,
              PAY_DELAYED,
              SETTLE),
          stripe(
              "checkout.session.async_payment_failed",
              "A SEPA debit in EUR: first completed and unpaid, then the bank returns it.",
              OPEN_SESSION,
              PAY_DELAYED,
              BOUNCE),
          stripe(
              "checkout.session.expired",
              "A customer leaves the checkout and never pays.",
              OPEN_SESSION,
              CANCEL),
          stripe(
              "payment_intent.created",
              "A payment begins without the hosted checkout.",
              OPEN_INTENT),
          stripe(
              "payment_intent.processing",
              "A SEPA debit without the hosted checkout is on its way.",
              OPEN_INTENT,
              PAY_DELAYED),
          stripe(
              "payment_intent.succeeded",
              "A card payment without the hosted checkout.",
              OPEN_INTENT,
              PAY),
          stripe(
              "payment_intent.payment_failed",
              "A card is declined; the customer may try again.",
              OPEN_INTENT,
              DECLINE),
          stripe("payment_intent.canceled", "The shop calls a payment off.", OPEN_INTENT, CANCEL),
          stripe("charge.succeeded", "The charge of a card payment.", OPEN_INTENT, PAY),
          stripe(
              "payment_intent.amount_capturable_updated",
              "30.00 USD are set aside at the checkout and not taken yet.",
              OPEN_SESSION,
              AUTHORIZE),
          stripe(
              "charge.captured",
              "10.00 of 30.00 USD set aside are taken, the rest let go (more or less: override"
                  + " amount_captured).",
              OPEN_SESSION,
              AUTHORIZE,
              CAPTURE),
          stripe(
              "charge.updated",
              "The last of two captures: 15.00 of 30.00 USD in all (override amount_captured).",
              OPEN_SESSION,
              AUTHORIZE,
              CAPTURE_FIRST,
              CAPTURE_LAST),
          stripe("charge.failed", "The charge of a declined card.", OPEN_INTENT, DECLINE),
          stripe(
              RETURNED_DEBIT, // no name of Stripe's: it comes as charge.failed
              "A SEPA debit in EUR arrives, and the bank returns it days later.",
              OPEN_SESSION,
              PAY_DELAYED,
              SETTLE,
              RETURN_DEBIT),
          stripe(
              "charge.refunded",
              "A paid order is refunded (part of it: override amount_refunded).",
              OPEN_SESSION,
              PAY,
              REFUND),
          stripe(
              "charge.refund.updated",
              "A refund changes; the older name of refund.updated.",
              OPEN_SESSION,
              PAY,
              REFUND),
          stripe(
              "refund.created",
              "A paid order is refunded (part of it: override amount).",
              OPEN_SESSION,
              PAY,
              REFUND),
          stripe("refund.updated", "A refund gets its reference.", OPEN_SESSION, PAY, REFUND),
          stripe(
              "refund.failed",
              "A refund that had succeeded comes back.",
              OPEN_SESSION,
              PAY,
              REFUND,
              FAIL_REFUND),
          stripe(
              "charge.dispute.created",
              "A customer's bank disputes a payment.",
              OPEN_SESSION,
              PAY,
              DISPUTE),
          stripe(
              "charge.dispute.funds_withdrawn",
              "The disputed money is taken.",
              OPEN_SESSION,
              PAY,
              DISPUTE),
          stripe(
              "charge.dispute.updated",
              "The shop answers a dispute.",
              OPEN_SESSION,
              PAY,
              DISPUTE,
              ANSWER_DISPUTE),
          stripe(
              "charge.dispute.closed",
              "A dispute ends, lost (won: override status=won).",
              OPEN_SESSION,
              PAY,
              DISPUTE,
              CLOSE_DISPUTE),
          stripe(
              "charge.dispute.funds_reinstated",
              "A dispute is won and the money comes back.",
              OPEN_SESSION,
              PAY,
              DISPUTE,
              WIN_DISPUTE),
          paySuper(
              "payment.success", "A customer pays 30.00 USD, charged in EUR.", OPEN_SESSION, PAY),
          paySuper("payment.cancel", "The bank refuses a payment.", OPEN_SESSION, CANCEL),
          paySuper("payment.refund", "A paid order is refunded, whole.", OPEN_SESSION, PAY, REFUND),
          paySuper(
              "payment.chargeback",
              "The customer's bank takes a payment back.",
              OPEN_SESSION,
              PAY,
              DISPUTE),
          paySuper(
              "user.validate", "The shop is asked whether it takes a customer.", VALIDATE_USER),
          new KnownEvent(
              Provider.PAYSUPER,
              "paysuper/test", // no event of PaySuper's: it comes as payment.success
              "Somebody presses Test in PaySuper's dashboard: a made-up order, signed and live.",
              List.of(PRESS_TEST)),
          standard(
              "payment.pending",
              "Your own system: money is on its way.",
              OPEN_SESSION,
              PAY_DELAYED),
          standard(
              "payment.succeeded",
              "Your own system: a customer pays 2 × 15.00 USD.",
              OPEN_SESSION,
              PAY),
          standard(
              "payment.failed",
              "Your own system: no money will come.",
              OPEN_SESSION,
              PAY_DELAYED,
              DECLINE),
          standard(
              "payment.canceled", "Your own system: a payment is given up.", OPEN_SESSION, CANCEL),
          standard(
              "payment.reversed",
              "Your own system: a payment that had succeeded bounces.",
              OPEN_SESSION,
              PAY,
              RETURN_DEBIT),
          standard(
              "refund.updated",
              "Your own system: a refund (part of it: override amount.minorUnits).",
              OPEN_SESSION,
              PAY,
              REFUND),
          standard(
              "dispute.updated",
              "Your own system: a dispute (its end: override status=won or lost).",
              OPEN_SESSION,
              PAY,
              DISPUTE));

  /// Before the events of Standard Webhooks, of which some are called as one of Stripe's.
  private static final String STANDARD_PREFIX = "standard/";

  /// What the provider calls what comes in the end.
  String type() {
    return event.equals(RETURNED_DEBIT) ? "charge.failed" : event;
  }

  static Optional<KnownEvent> named(String event) {
    return ALL.stream().filter(known -> known.event.equals(event)).findFirst();
  }

  private static KnownEvent stripe(String event, String explanation, Step... steps) {
    return new KnownEvent(Provider.STRIPE, event, explanation, List.of(steps));
  }

  private static KnownEvent standard(String type, String explanation, Step... steps) {
    return new KnownEvent(Provider.STANDARD, STANDARD_PREFIX + type, explanation, List.of(steps));
  }

  private static KnownEvent paySuper(String event, String explanation, Step... steps) {
    return new KnownEvent(Provider.PAYSUPER, event, explanation, List.of(steps));
  }
}
