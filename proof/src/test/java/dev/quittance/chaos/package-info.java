/// The chaos itself is tested, and a short one is let loose.
@NullMarked
package dev.quittance.chaos;

import org.jspecify.annotations.NullMarked;
