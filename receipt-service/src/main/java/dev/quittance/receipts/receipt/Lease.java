package dev.quittance.receipts.receipt;

import java.time.Instant;

/// The right to send a mail for a while. When it runs out, another may take the mail.
public record Lease(String owner, Instant until) {}
