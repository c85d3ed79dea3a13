@NullMarked
package dev.quittance.fulfillment.door;

import org.jspecify.annotations.NullMarked;
