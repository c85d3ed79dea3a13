@NullMarked
package dev.quittance.ingest.recovery;

import org.jspecify.annotations.NullMarked;
