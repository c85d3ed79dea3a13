@NullMarked
package dev.quittance.fulfillment.persistence;

import org.jspecify.annotations.NullMarked;
