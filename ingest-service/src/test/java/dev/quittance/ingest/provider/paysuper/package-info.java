@NullMarked
package dev.quittance.ingest.provider.paysuper;

import org.jspecify.annotations.NullMarked;
