package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import org.jspecify.annotations.Nullable;

/// What must be known of a receipt that exists already to decide about the others of its order.
///
/// @param drafted whether it has all it needs and waits for its turn only
/// @param reason why it was skipped, retried or given up: a code
public record Standing(Status status, Money amount, boolean drafted, @Nullable String reason) {}
