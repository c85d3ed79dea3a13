/// A pretended PaySuper project: orders and their notifications.
@NullMarked
package dev.quittance.sandbox.paysuper;

import org.jspecify.annotations.NullMarked;
