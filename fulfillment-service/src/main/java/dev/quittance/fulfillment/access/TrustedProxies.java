package dev.quittance.fulfillment.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The proxies whose word counts. Each of them adds the address that it was asked from at the end
/// of `X-Forwarded-For`; what stands before may be anybody's invention. So the header is read from
/// its end, for as long as what it names are proxies of ours. (The framework itself reads its
/// beginning.)
record TrustedProxies(List<Network> networks) {

  /// What a connection to the internet gets in IPv6, at least (RFC 6177): its addresses cost
  /// nothing, so they count as one.
  private static final int IPV6_CONNECTION_BYTES = 8;

  /// More hops than any request takes.
  private static final int HOPS_MAX = 20;

  TrustedProxies {
    networks = List.copyOf(networks);
  }

  /// @throws IllegalStateException when everybody would be believed, or something is no network
  static TrustedProxies of(boolean forwarding, List<String> names) {
    if (forwarding && names.isEmpty()) {
      throw new IllegalStateException(
          "QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING believes whatever anybody sends, unless"
              + " QUARKUS_HTTP_PROXY_TRUSTED_PROXIES names the proxies: addresses, or networks such"
              + " as 10.0.0.0/8");
    }
    return new TrustedProxies(forwarding ? names.stream().map(Network::read).toList() : List.of());
  }

  /// An address and those that begin like it.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Network(byte[] address, int bits) {

    static Network read(String text) {
      String[] parts = text.strip().split("/", 2);
      try {
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
        if (bits >= 0 && bits <= address.length * 8) {
          return new Network(address, bits);
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
      throw new IllegalStateException(
          "QUARKUS_HTTP_PROXY_TRUSTED_PROXIES has addresses and networks such as 10.0.0.0/8; '"
              + text
              + "' is none");
    }

    boolean has(InetAddress other) {
      byte[] given = other.getAddress();
      if (given.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((given[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /// The last address that isn't a trusted proxy's.
  ///
  /// @param peer who holds the connection
  /// @param forwardedFor the headers of that name, in their order
  InetAddress client(InetAddress peer, List<String> forwardedFor) {
    var hops = new ArrayList<String>();
    forwardedFor.forEach(header -> hops.addAll(Arrays.asList(header.split(",", -1))));
    InetAddress client = peer;
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - HOPS_MAX); i--) {
      if (!trusts(client)) {
        break;
      }
      Optional<InetAddress> before = address(hops.get(i).strip());
      if (before.isEmpty()) {
        break;
      }
      client = before.get();
    }
    return client;
  }

  private boolean trusts(InetAddress address) {
    return networks.stream().anyMatch(network -> network.has(address));
  }

  /// Some proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
  private static Optional<InetAddress> address(String hop) {
    String host = hop;
    if (hop.startsWith("[") && hop.contains("]")) {
      host = hop.substring(1, hop.indexOf(']'));
    } else if (hop.indexOf(':') >= 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
      host = hop.substring(0, hop.indexOf(':'));
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// What counts together.
  static String network(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_CONNECTION_BYTES)
        : address.getHostAddress();
  }
}
