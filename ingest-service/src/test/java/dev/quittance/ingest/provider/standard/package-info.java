@NullMarked
package dev.quittance.ingest.provider.standard;

import org.jspecify.annotations.NullMarked;
