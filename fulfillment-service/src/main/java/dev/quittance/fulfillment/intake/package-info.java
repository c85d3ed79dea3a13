/// Where records come in from Kafka, and the only place that acknowledges them.
@NullMarked
package dev.quittance.fulfillment.intake;

import org.jspecify.annotations.NullMarked;
