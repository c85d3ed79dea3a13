/// What the tests of all rooms share.
@NullMarked
package dev.quittance.receipts;

import org.jspecify.annotations.NullMarked;
