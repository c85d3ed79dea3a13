/// The Transactions page: orders filtered, counted, and shown as they change.
@NullMarked
package dev.quittance.fulfillment.console.transactions;

import org.jspecify.annotations.NullMarked;
