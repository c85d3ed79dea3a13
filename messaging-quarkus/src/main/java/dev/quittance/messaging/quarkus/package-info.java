/// Messaging as beans of a service: a consumer says its group, and gives its channels' records to
/// intakes from here.
@NullMarked
package dev.quittance.messaging.quarkus;

import org.jspecify.annotations.NullMarked;
