/// The commands of `./quittance`.
@NullMarked
package dev.quittance.launcher;

import org.jspecify.annotations.NullMarked;
