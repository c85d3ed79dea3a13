package dev.quittance.sandbox.payments;

import java.util.List;

/// A payment with what can be done about it.
///
/// @param order its id at fulfillment; empty when it opens none
/// @param checkout where it can still be paid; empty when it can't
/// @param returnable whether it is a debit that has arrived and that the bank may return
/// @param refundable how much can still be given back; empty when nothing
/// @param whole whether only all of it can be given back
record PaymentDetail(
    PaymentRow row,
    String order,
    String email,
    String checkout,
    boolean expirable,
    boolean pending,
    boolean returnable,
    String refundable,
    boolean whole,
    boolean disputable,
    List<Step> refunds,
    List<Step> disputes) {

  /// A refund or a dispute.
  record Step(
      String id, String amount, String status, String tone, String at, List<Action> actions) {}

  /// Something that can happen next.
  record Action(String path, String label) {}
}
