/// What receipts look like: one model of what is said, printed as HTML and as text, in the
/// customer's language.
@NullMarked
package dev.quittance.receipts.render;

import org.jspecify.annotations.NullMarked;
