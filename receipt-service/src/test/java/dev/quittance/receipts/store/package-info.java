@NullMarked
package dev.quittance.receipts.store;

import org.jspecify.annotations.NullMarked;
