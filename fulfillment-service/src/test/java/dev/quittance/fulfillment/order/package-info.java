@NullMarked
package dev.quittance.fulfillment.order;

import org.jspecify.annotations.NullMarked;
