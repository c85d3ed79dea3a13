/// Refusals, as problem details (RFC 9457).
@NullMarked
package dev.quittance.sandbox.problem;

import org.jspecify.annotations.NullMarked;
