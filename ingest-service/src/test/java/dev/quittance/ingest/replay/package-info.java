@NullMarked
package dev.quittance.ingest.replay;

import org.jspecify.annotations.NullMarked;
