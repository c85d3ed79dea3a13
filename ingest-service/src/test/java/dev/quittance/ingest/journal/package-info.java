@NullMarked
package dev.quittance.ingest.journal;

import org.jspecify.annotations.NullMarked;
