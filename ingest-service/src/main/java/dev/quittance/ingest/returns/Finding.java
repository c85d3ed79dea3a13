package dev.quittance.ingest.returns;

/// What fulfillment-service says of a checkout's order.
sealed interface Finding {

  /// This is the order.
  record Found(OrderSeen order) implements Finding {}

  /// There is no such order, not yet at least.
  record Unknown() implements Finding {}

  /// It doesn't answer, not in time, or nothing that could be understood.
  ///
  /// @param why a stable lower_snake word for logs
  record Silent(String why) implements Finding {}
}
