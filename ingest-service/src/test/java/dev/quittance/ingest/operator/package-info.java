@NullMarked
package dev.quittance.ingest.operator;

import org.jspecify.annotations.NullMarked;
