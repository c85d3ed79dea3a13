@NullMarked
package dev.quittance.receipts.api;

import org.jspecify.annotations.NullMarked;
