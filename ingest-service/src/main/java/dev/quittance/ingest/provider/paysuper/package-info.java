/// All that is known of PaySuper: its signatures, its notifications, its money.
@NullMarked
package dev.quittance.ingest.provider.paysuper;

import org.jspecify.annotations.NullMarked;
