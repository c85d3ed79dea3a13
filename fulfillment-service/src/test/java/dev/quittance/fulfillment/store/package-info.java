@NullMarked
package dev.quittance.fulfillment.store;

import org.jspecify.annotations.NullMarked;
