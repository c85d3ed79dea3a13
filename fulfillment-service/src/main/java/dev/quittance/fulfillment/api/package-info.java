/// The HTTP door: orders to read, commands to give, problems told plainly.
@NullMarked
package dev.quittance.fulfillment.api;

import org.jspecify.annotations.NullMarked;
