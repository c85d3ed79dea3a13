/// The services' peers with a will to fail: the network, a mail server, a provider's API.
@NullMarked
package dev.quittance.chaos.peers;

import org.jspecify.annotations.NullMarked;
