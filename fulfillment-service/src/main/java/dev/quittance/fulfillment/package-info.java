/// Orders: folded from facts, stored, shown, and told to other services.
@NullMarked
package dev.quittance.fulfillment;

import org.jspecify.annotations.NullMarked;
