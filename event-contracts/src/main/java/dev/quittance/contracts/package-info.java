/// The language that every part of Quittance shares: payment events, fulfilment and receipt events,
/// commands, money, ids and topics, and how they are written on the wire.
///
/// Nothing here knows a provider, a broker, a database or a framework.
@NullMarked
package dev.quittance.contracts;

import org.jspecify.annotations.NullMarked;
