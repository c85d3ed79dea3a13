/// What an order is: its state as a fold over facts and accepted commands, which commands it can
/// take, and what has to be announced when its state changes. Plain Java, without clock or I/O.
@NullMarked
package dev.quittance.fulfillment.order;

import org.jspecify.annotations.NullMarked;
