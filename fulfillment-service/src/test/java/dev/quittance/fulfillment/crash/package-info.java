/// The service's work as a process that dies at a named point.
@NullMarked
package dev.quittance.fulfillment.crash;

import org.jspecify.annotations.NullMarked;
