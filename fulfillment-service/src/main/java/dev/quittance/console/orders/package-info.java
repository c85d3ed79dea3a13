/// The page of an order: what it is, what happened, and what staff can do to it.
@NullMarked
package dev.quittance.console.orders;

import org.jspecify.annotations.NullMarked;
