@NullMarked
package dev.quittance.fulfillment.api;

import org.jspecify.annotations.NullMarked;
