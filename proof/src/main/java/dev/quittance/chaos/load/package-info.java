/// Customers who buy, and providers who tell of it badly.
@NullMarked
package dev.quittance.chaos.load;

import org.jspecify.annotations.NullMarked;
