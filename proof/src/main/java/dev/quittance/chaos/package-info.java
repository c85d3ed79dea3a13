/// The whole system under fire, and a judge who knows only what went in and what came out.
@NullMarked
package dev.quittance.chaos;

import org.jspecify.annotations.NullMarked;
