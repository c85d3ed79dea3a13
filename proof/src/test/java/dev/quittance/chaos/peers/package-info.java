/// See the package of the same name that is tested.
@NullMarked
package dev.quittance.chaos.peers;

import org.jspecify.annotations.NullMarked;
