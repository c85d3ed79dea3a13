/// The edge: takes webhooks, publishes them verbatim, and translates them.
@NullMarked
package dev.quittance.ingest;

import org.jspecify.annotations.NullMarked;
