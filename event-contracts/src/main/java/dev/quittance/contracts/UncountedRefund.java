package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// A refund that was told in a currency that is neither the order's nor the one that was charged:
/// what it gave back nobody can say, so it isn't counted, and somebody has to look at it.
///
/// @param refund the provider's id of the refund; absent where only a total tells of it
/// @param amount as the provider told it
public record UncountedRefund(@Nullable String refund, Money amount) {}
