@NullMarked
package dev.quittance.conformance;

import org.jspecify.annotations.NullMarked;
