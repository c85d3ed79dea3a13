package dev.quittance.chaos.check;

/// Something that must not be.
///
/// @param law a short name of what was violated
/// @param about an order, an event or a place
/// @param words what was expected and what was found
public record Violation(String law, String about, String words) {

  @Override
  public String toString() {
    return law + ": " + about + ": " + words;
  }
}
