@NullMarked
package dev.quittance.receipts.actions;

import org.jspecify.annotations.NullMarked;
