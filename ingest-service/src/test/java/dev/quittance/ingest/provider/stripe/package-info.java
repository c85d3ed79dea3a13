@NullMarked
package dev.quittance.ingest.provider.stripe;

import org.jspecify.annotations.NullMarked;
