@NullMarked
package dev.quittance.receipts.render;

import org.jspecify.annotations.NullMarked;
