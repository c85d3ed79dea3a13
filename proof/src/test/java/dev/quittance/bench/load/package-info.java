/// The benchmark's senders and receivers. Nothing here measures time.
@NullMarked
package dev.quittance.bench.load;

import org.jspecify.annotations.NullMarked;
