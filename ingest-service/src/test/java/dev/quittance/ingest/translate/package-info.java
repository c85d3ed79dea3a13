@NullMarked
package dev.quittance.ingest.translate;

import org.jspecify.annotations.NullMarked;
