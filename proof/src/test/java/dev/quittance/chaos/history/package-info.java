/// See the package of the same name that is tested.
@NullMarked
package dev.quittance.chaos.history;

import org.jspecify.annotations.NullMarked;
