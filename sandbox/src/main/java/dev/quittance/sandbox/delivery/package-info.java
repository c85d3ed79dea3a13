/// Signs events as their providers do and delivers them.
@NullMarked
package dev.quittance.sandbox.delivery;

import org.jspecify.annotations.NullMarked;
