/// The other services, asked over HTTP for what pages show beside our own. Each may be away.
@NullMarked
package dev.quittance.fulfillment.clients;

import org.jspecify.annotations.NullMarked;
