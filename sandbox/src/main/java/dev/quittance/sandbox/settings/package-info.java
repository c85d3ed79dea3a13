/// What the sandbox is told by its environment.
@NullMarked
package dev.quittance.sandbox.settings;

import org.jspecify.annotations.NullMarked;
