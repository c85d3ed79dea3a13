/// What the service does, a class each: read from the top, it says what happens in which order.
@NullMarked
package dev.quittance.fulfillment.usecase;

import org.jspecify.annotations.NullMarked;
