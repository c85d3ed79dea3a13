package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Where a parcel can be followed. Whoever has the number may learn the address: never printed.
public record Tracking(@Nullable String carrier, @Nullable String number) {

  @Override
  public String toString() {
    return "Tracking[…]";
  }
}
