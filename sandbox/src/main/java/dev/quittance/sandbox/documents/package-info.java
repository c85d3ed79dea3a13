/// What the pretended providers remember, kept across restarts.
@NullMarked
package dev.quittance.sandbox.documents;

import org.jspecify.annotations.NullMarked;
