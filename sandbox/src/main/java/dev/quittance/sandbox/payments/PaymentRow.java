package dev.quittance.sandbox.payments;

/// A payment in the list.
///
/// @param id names its page
/// @param tone the style's name for good, bad or undecided
record PaymentRow(
    String id,
    String provider,
    String what,
    String amount,
    String status,
    String tone,
    String at) {}
