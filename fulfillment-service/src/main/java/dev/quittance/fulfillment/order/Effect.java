package dev.quittance.fulfillment.order;

/// What an order's state asks of those who fulfil. What is announced is the difference between the
/// effect that the state calls for and the last one that was announced.
public enum Effect {
  /// Nothing yet.
  NONE,
  /// Ship.
  ACTIVE,
  /// Don't ship for now.
  HELD,
  /// Don't ship: the money is gone and nothing had left.
  CANCELED,
  /// Nothing remains: all is fulfilled, or what had left is back.
  DONE,
  /// Get it back: the money is gone after goods had left.
  REVERSAL
}
