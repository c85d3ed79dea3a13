/// The benchmark's arithmetic. Nothing here measures time.
@NullMarked
package dev.quittance.bench.figure;

import org.jspecify.annotations.NullMarked;
