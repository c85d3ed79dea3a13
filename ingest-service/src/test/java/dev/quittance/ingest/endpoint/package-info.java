@NullMarked
package dev.quittance.ingest.endpoint;

import org.jspecify.annotations.NullMarked;
