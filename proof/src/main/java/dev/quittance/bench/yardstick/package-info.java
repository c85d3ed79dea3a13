/// References and nothing else: the least that does the same job, to compare with. Never shipped,
/// never a part of Quittance.
@NullMarked
package dev.quittance.bench.yardstick;

import org.jspecify.annotations.NullMarked;
