/// Reads what the providers said from the verbatim topic and publishes what it means, in our words.
@NullMarked
package dev.quittance.ingest.translate;

import org.jspecify.annotations.NullMarked;
