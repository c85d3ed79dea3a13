package dev.quittance.fulfillment.access;

import io.quarkus.runtime.Startup;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Where a request comes from.
@ApplicationScoped
@Startup // settings that believe everybody stop the start
class ClientAddress {

  private final TrustedProxies proxies;
  private final CurrentVertxRequest current;

  ClientAddress(
      @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
          boolean forwarding,
      @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> trusted,
      CurrentVertxRequest current) {
    this.proxies = TrustedProxies.of(forwarding, trusted.orElse(List.of()));
    this.current = current;
  }

  /// Who is at the other end, as far as proxies that we trust say. What counts together when
  /// attempts are counted: an address, or the network that one connection has in IPv6.
  String network() {
    HttpServerRequest request = current.getCurrent().request();
    // of the connection: the request's own is what the beginning of the header says
    SocketAddress peer = request.connection().remoteAddress();
    return peer == null || peer.hostAddress() == null
        ? ""
        : TrustedProxies.network(
            proxies.client(
                InetAddress.ofLiteral(peer.hostAddress()),
                request.headers().getAll("X-Forwarded-For")));
  }
}
