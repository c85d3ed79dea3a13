package dev.quittance.launcher;

import java.util.Set;

/// When an event has had all its effects.
///
/// @param payment the payment statuses that the order may end in
/// @param receipts how many receipts it has then
/// @param carried whether it says who bought what; without that an order is never due, and its
///   receipts wait for ever
record SettledEvent(Set<String> payment, int receipts, boolean carried) {

  private static final String RETURNED_DEBIT = "charge.failed/returned";
  private static final String REVERSED = "standard/payment.reversed";

  private SettledEvent(Set<String> payment, int receipts) {
    this(payment, receipts, true);
  }

  /// Whether an event makes no order, whatever is set.
  static boolean makesNone(String event) {
    return event.equals("payment_intent.created");
  }

  /// Whether an order may look as it will afterwards before the event has come, so that the event
  /// itself has to be looked for: a disputed payment was paid before, and one that is refunded in
  /// part may have been already. All such events are facts about their order.
  static boolean looksSettledBefore(String event) {
    return event.contains("refund")
        || event.contains("dispute")
        || event.contains("chargeback")
        || event.equals(RETURNED_DEBIT)
        || event.equals(REVERSED);
  }

  /// What is known of the event. Anything else may end in any state.
  ///
  /// @param fromCheckout whether Checkout Sessions alone say who bought what
  static SettledEvent after(String event, boolean fromCheckout) {
    return switch (event) {
      case "payment_intent.succeeded", "charge.succeeded" ->
          new SettledEvent(Set.of("paid"), fromCheckout ? 0 : 1, !fromCheckout);
      case "payment_intent.processing" -> new SettledEvent(Set.of("pending"), 0, !fromCheckout);
      case "payment_intent.payment_failed", "charge.failed" ->
          new SettledEvent(Set.of("failed"), 0, !fromCheckout);
      case "payment_intent.canceled" -> new SettledEvent(Set.of("canceled"), 0, !fromCheckout);
      case "checkout.session.completed" -> new SettledEvent(Set.of("paid", "pending"), 0);
      case "checkout.session.async_payment_succeeded",
          "payment.success",
          "paysuper/test",
          "standard/payment.succeeded" ->
          new SettledEvent(Set.of("paid"), 1);
      // its receipt and the correction of that, or neither
      case RETURNED_DEBIT, REVERSED -> new SettledEvent(Set.of("reversed"), 0);
      case "checkout.session.async_payment_failed" -> new SettledEvent(Set.of("failed"), 0);
      case "checkout.session.expired" -> new SettledEvent(Set.of("canceled"), 0);
      case "charge.refunded",
          "charge.refund.updated",
          "refund.created",
          "refund.updated",
          "payment.refund",
          "standard/refund.updated" ->
          new SettledEvent(Set.of("refunded", "partially_refunded"), 2);
      case "refund.failed" -> new SettledEvent(Set.of("paid"), 1);
      case "charge.dispute.created", "charge.dispute.updated", "charge.dispute.funds_withdrawn" ->
          new SettledEvent(Set.of("disputed", "paid"), 1);
      case "charge.dispute.closed" -> new SettledEvent(Set.of("charged_back", "paid"), 1);
      case "charge.dispute.funds_reinstated" -> new SettledEvent(Set.of("paid"), 1);
      case "payment.cancel" -> new SettledEvent(Set.of("failed", "canceled"), 0);
      case "standard/payment.failed", "standard/payment.canceled" ->
          new SettledEvent(Set.of("failed", "canceled"), 0);
      case "standard/payment.pending" -> new SettledEvent(Set.of("pending"), 0);
      case "standard/dispute.updated" ->
          new SettledEvent(Set.of("disputed", "paid", "charged_back"), 1);
      case "payment.chargeback" -> new SettledEvent(Set.of("charged_back"), 1);
      default -> new SettledEvent(Set.of(), 0);
    };
  }

  /// @param paymentStatus as the order has it now
  /// @param done how many of its receipts are sent, or will never be
  /// @param open how many are still on their way
  boolean by(String paymentStatus, int done, int open) {
    if (!payment.isEmpty() && !payment.contains(paymentStatus)) {
      return false;
    }
    // a card pays at once and a debit later: whether the first event means a receipt shows in the
    // order alone
    if (!carried) {
      return done >= receipts;
    }
    int wanted = receipts == 0 && paymentStatus.equals("paid") && !payment.isEmpty() ? 1 : receipts;
    return open == 0 && done >= wanted;
  }
}
