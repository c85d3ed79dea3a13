package dev.quittance.fulfillment.order;

import java.time.Instant;

/// A customer was erased: from then on the order's facts are taken, stored and folded without them.
///
/// @param at by our clock
/// @param by who asked for it
public record Erasure(Instant at, String by) {}
