/// The only room that knows the database: facts and commands in, orders folded under their rows'
/// locks, events into the outbox, all in one transaction; and what the API reads.
@NullMarked
package dev.quittance.fulfillment.store;

import org.jspecify.annotations.NullMarked;
