/// Stripe: its signature, and what its events mean.
@NullMarked
package dev.quittance.ingest.provider.stripe;

import org.jspecify.annotations.NullMarked;
