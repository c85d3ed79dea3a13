/// `POST /trigger`: makes an event happen, with what naturally comes before it.
@NullMarked
package dev.quittance.sandbox.trigger;

import org.jspecify.annotations.NullMarked;
