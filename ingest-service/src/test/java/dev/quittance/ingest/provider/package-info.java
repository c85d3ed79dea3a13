@NullMarked
package dev.quittance.ingest.provider;

import org.jspecify.annotations.NullMarked;
