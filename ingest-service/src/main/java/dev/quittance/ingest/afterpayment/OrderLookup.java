package dev.quittance.ingest.afterpayment;

/// What fulfillment-service says of a checkout's order.
sealed interface OrderLookup {

  /// This is the order.
  record Found(OrderSeen order) implements OrderLookup {}

  /// There is no such order, not yet at least.
  record Unknown() implements OrderLookup {}

  /// It doesn't answer, not in time, or nothing that could be understood.
  ///
  /// @param why a stable lower_snake word for logs
  record Silent(String why) implements OrderLookup {}
}
