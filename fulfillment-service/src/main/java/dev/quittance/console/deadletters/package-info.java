/// The pages of failed messages: looked at, sent back, discarded.
@NullMarked
package dev.quittance.console.deadletters;

import org.jspecify.annotations.NullMarked;
