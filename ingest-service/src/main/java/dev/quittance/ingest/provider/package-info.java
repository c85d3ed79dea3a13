/// What a payment provider has to be able to do for us; each lives in a package of its own below.
@NullMarked
package dev.quittance.ingest.provider;

import org.jspecify.annotations.NullMarked;
