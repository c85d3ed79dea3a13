/// A look at the brokers for people: lag, topics, and the verbatim events behind an order. Consumes
/// nothing, commits nothing.
@NullMarked
package dev.quittance.fulfillment.broker;

import org.jspecify.annotations.NullMarked;
