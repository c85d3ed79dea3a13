@NullMarked
package dev.quittance.receipts.receipt;

import org.jspecify.annotations.NullMarked;
