/// What is done with Kafka's clients, once: publishing until it is known what became of each
/// record, and reading headers.
@NullMarked
package dev.quittance.messaging.kafka;

import org.jspecify.annotations.NullMarked;
