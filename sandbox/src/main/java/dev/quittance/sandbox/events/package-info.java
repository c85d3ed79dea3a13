/// What all pretended providers have in common: a purchase, and an event about it.
@NullMarked
package dev.quittance.sandbox.events;

import org.jspecify.annotations.NullMarked;
