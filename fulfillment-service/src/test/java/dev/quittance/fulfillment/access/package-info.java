@NullMarked
package dev.quittance.fulfillment.access;

import org.jspecify.annotations.NullMarked;
