package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Why something failed or was done.
///
/// @param code the machine-readable reason
/// @param message a sentence for people, in the provider's or operator's words; it may name
///   anybody, so it is never printed
public record Reason(String code, @Nullable String message) {

  /// A reason that its code says in full.
  public static Reason of(String code) {
    return new Reason(code, null);
  }

  @Override
  public String toString() {
    return "Reason[" + code + "]";
  }
}
