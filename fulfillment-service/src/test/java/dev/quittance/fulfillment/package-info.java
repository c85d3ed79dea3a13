@NullMarked
package dev.quittance.fulfillment;

import org.jspecify.annotations.NullMarked;
