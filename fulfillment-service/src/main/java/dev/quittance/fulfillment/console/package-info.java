/// The console: pages for support staff. What they may is decided at the door.
@NullMarked
package dev.quittance.fulfillment.console;

import org.jspecify.annotations.NullMarked;
