@NullMarked
package dev.quittance.ingest.webhook;

import org.jspecify.annotations.NullMarked;
