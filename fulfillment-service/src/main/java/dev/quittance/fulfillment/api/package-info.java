/// Orders over HTTP: to read, and commands to give.
@NullMarked
package dev.quittance.fulfillment.api;

import org.jspecify.annotations.NullMarked;
