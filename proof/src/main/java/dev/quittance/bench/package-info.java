/// How fast Quittance is, measured beside references in the same run.
@NullMarked
package dev.quittance.bench;

import org.jspecify.annotations.NullMarked;
