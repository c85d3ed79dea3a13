/// The latest deliveries, to be looked at.
@NullMarked
package dev.quittance.ingest.journal;

import org.jspecify.annotations.NullMarked;
