@NullMarked
package dev.quittance.ingest.publish;

import org.jspecify.annotations.NullMarked;
