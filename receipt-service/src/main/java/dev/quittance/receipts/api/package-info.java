/// What people and other services may ask of receipts.
@NullMarked
package dev.quittance.receipts.api;

import org.jspecify.annotations.NullMarked;
