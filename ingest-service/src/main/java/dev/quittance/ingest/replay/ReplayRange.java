package dev.quittance.ingest.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which webhooks are to be translated once more.
///
/// @param from not taken before
/// @param to taken before
/// @param endpoint the one that they came in by; null for all
/// @param event the provider's event id; null for all
record ReplayRange(Instant from, Instant to, @Nullable String endpoint, @Nullable String event) {}
