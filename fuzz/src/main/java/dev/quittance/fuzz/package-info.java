/// Bad input by the million: what every endpoint and every topic is tried with, the same at every
/// run.
@NullMarked
package dev.quittance.fuzz;

import org.jspecify.annotations.NullMarked;
