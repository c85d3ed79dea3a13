package dev.quittance.fulfillment.api;

/// Who is asking. Roles decide what they may.
enum Caller {
  /// May read and act.
  OPERATOR,
  /// May nothing.
  UNKNOWN
}
