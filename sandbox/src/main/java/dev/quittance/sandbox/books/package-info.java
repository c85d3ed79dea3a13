/// What the pretended providers remember, kept across restarts.
@NullMarked
package dev.quittance.sandbox.books;

import org.jspecify.annotations.NullMarked;
