@NullMarked
package dev.quittance.receipts.intake;

import org.jspecify.annotations.NullMarked;
