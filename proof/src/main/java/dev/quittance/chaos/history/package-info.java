/// What went in and what came out, line by line.
@NullMarked
package dev.quittance.chaos.history;

import org.jspecify.annotations.NullMarked;
