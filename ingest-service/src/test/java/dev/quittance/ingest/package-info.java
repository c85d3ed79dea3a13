@NullMarked
package dev.quittance.ingest;

import org.jspecify.annotations.NullMarked;
