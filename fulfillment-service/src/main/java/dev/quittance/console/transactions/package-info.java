/// The Transactions page: orders filtered, counted, and shown as they change.
@NullMarked
package dev.quittance.console.transactions;

import org.jspecify.annotations.NullMarked;
