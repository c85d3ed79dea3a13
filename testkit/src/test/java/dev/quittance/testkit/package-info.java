@NullMarked
package dev.quittance.testkit;

import org.jspecify.annotations.NullMarked;
