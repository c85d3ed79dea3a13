@NullMarked
package dev.quittance.access;

import org.jspecify.annotations.NullMarked;
