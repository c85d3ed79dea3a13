/// The benchmark's rounds. Nothing here measures time.
@NullMarked
package dev.quittance.bench.measure;

import org.jspecify.annotations.NullMarked;
