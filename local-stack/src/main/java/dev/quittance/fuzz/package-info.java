/// Rubbish by the million: what every door of the house is tried with, the same at every run.
@NullMarked
package dev.quittance.fuzz;

import org.jspecify.annotations.NullMarked;
