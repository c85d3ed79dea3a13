package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Whom and where to ship to, when the provider collected it.
public record Shipping(@Nullable String name, @Nullable String phone, @Nullable Address address) {

  @Override
  public String toString() {
    return "Shipping[…]";
  }
}
