/// The measurements, each with the processes that it needs and no others.
@NullMarked
package dev.quittance.bench.measure;

import org.jspecify.annotations.NullMarked;
