package dev.quittance.receipts.receipt;

import java.time.Instant;

/// The right to send a receipt for a while. When it runs out, another may take the receipt.
public record Lease(String owner, Instant until) {}
