@NullMarked
package dev.quittance.fulfillment.console.desk;

import org.jspecify.annotations.NullMarked;
