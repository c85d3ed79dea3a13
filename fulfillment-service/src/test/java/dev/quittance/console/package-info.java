@NullMarked
package dev.quittance.console;

import org.jspecify.annotations.NullMarked;
