/// How dead letters stand on their topics, and the desk that lists, sends back and discards them.
@NullMarked
package dev.quittance.deadletters;

import org.jspecify.annotations.NullMarked;
