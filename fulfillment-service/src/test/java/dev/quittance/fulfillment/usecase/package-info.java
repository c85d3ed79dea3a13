@NullMarked
package dev.quittance.fulfillment.usecase;

import org.jspecify.annotations.NullMarked;
