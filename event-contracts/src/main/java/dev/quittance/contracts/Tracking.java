package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Where a parcel can be followed.
public record Tracking(@Nullable String carrier, @Nullable String number) {}
