@NullMarked
package dev.quittance.contracts;

import org.jspecify.annotations.NullMarked;
