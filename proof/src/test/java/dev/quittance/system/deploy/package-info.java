/// What is written in `deploy/` and `docs/` against what the code says, without starting it.
@NullMarked
package dev.quittance.system.deploy;

import org.jspecify.annotations.NullMarked;
