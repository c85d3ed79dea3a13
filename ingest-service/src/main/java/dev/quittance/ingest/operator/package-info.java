/// What the people who run this may ask of it: which endpoints there are, what came in, whether an
/// endpoint works, and refunds.
@NullMarked
package dev.quittance.ingest.operator;

import org.jspecify.annotations.NullMarked;
