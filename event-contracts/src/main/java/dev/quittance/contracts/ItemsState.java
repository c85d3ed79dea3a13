package dev.quittance.contracts;

/// What is known of an order's line items; of two reports, the better informed counts.
public enum ItemsState {
  /// The provider is still being asked.
  PENDING,
  /// The provider won't tell: final, unless a later report does tell.
  UNKNOWN,
  /// The line items are complete.
  KNOWN;

  /// Whether nothing more has to be waited for.
  public boolean settled() {
    return this != PENDING;
  }

  /// The better informed of two.
  public ItemsState merge(ItemsState other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
