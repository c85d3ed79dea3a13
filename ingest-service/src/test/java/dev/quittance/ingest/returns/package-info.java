@NullMarked
package dev.quittance.ingest.returns;

import org.jspecify.annotations.NullMarked;
