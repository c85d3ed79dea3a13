/// A pretended Stripe account: sessions, payment intents, charges, refunds, disputes and their
/// events.
@NullMarked
package dev.quittance.sandbox.stripe;

import org.jspecify.annotations.NullMarked;
