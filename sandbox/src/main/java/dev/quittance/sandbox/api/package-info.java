/// The part of Stripe's API that is asked about payments, and its faults on demand.
@NullMarked
package dev.quittance.sandbox.api;

import org.jspecify.annotations.NullMarked;
