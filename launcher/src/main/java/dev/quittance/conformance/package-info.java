/// Tries a subscriber: a publisher at its worst, and what a subscriber should make of it.
@NullMarked
package dev.quittance.conformance;

import org.jspecify.annotations.NullMarked;
