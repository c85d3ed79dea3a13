/// What senders and receivers do to the services: webhooks, mailboxes, and a look at what it cost.
@NullMarked
package dev.quittance.bench.load;

import org.jspecify.annotations.NullMarked;
