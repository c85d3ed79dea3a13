/// What can go wrong, and when it does.
@NullMarked
package dev.quittance.chaos.fault;

import org.jspecify.annotations.NullMarked;
