/// What was measured, and the arithmetic of it. Plain values: no process, no clock.
@NullMarked
package dev.quittance.bench.figure;

import org.jspecify.annotations.NullMarked;
