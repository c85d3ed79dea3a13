/// How a trace goes on from record to record, and how its id gets into the log.
@NullMarked
package dev.quittance.messaging.tracing;

import org.jspecify.annotations.NullMarked;
