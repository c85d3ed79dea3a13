/// What all pages have in common.
@NullMarked
package dev.quittance.sandbox.page;

import org.jspecify.annotations.NullMarked;
