/// The pages on which staff act and look behind things: an order, webhooks, dead letters, health.
@NullMarked
package dev.quittance.fulfillment.console.desk;

import org.jspecify.annotations.NullMarked;
