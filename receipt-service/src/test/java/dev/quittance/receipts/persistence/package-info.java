@NullMarked
package dev.quittance.receipts.persistence;

import org.jspecify.annotations.NullMarked;
