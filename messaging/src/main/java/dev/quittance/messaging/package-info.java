/// Claim-once intake, outbox, relay and dead letters: exactly-once effects from at-least-once
/// delivery.
@NullMarked
package dev.quittance.messaging;

import org.jspecify.annotations.NullMarked;
