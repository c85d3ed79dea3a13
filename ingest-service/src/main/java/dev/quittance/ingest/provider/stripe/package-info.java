/// All that is known of Stripe: its signatures, its objects in all API versions, its money.
@NullMarked
package dev.quittance.ingest.provider.stripe;

import org.jspecify.annotations.NullMarked;
