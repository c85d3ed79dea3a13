package dev.quittance.contracts;

/// How many of one line.
///
/// @param id the line's id
/// @param quantity at least 1
public record FulfilledItem(String id, long quantity) {

  /// @throws IllegalArgumentException when the quantity is below 1
  public FulfilledItem {
    if (quantity < 1) {
      throw new IllegalArgumentException("a quantity is at least 1");
    }
  }
}
