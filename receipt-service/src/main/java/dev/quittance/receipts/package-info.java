/// Receipts: one for every payment and every refund.
@NullMarked
package dev.quittance.receipts;

import org.jspecify.annotations.NullMarked;
