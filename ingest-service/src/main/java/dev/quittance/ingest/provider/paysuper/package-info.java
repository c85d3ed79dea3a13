/// PaySuper: its signature, and what its notifications mean.
@NullMarked
package dev.quittance.ingest.provider.paysuper;

import org.jspecify.annotations.NullMarked;
