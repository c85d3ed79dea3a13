/// The benchmark's command. Nothing here measures time.
@NullMarked
package dev.quittance.bench;

import org.jspecify.annotations.NullMarked;
