/// How dead letters stand on their topics, and the service that lists, sends back and discards
/// them.
@NullMarked
package dev.quittance.messaging.deadletter;

import org.jspecify.annotations.NullMarked;
