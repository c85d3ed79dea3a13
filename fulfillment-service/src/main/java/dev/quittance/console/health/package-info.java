/// The health page: each part is loaded by itself.
@NullMarked
package dev.quittance.console.health;

import org.jspecify.annotations.NullMarked;
