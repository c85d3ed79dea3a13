@NullMarked
package dev.quittance.fulfillment.console;

import org.jspecify.annotations.NullMarked;
