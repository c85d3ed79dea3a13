package dev.quittance.access;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request says of where it comes from. Browsers can't be made to lie about it by another
/// site; everybody else can say what they like.
///
/// @param address of the connection's other end; null where there is none
/// @param direct whether nothing says that somebody passed it on
/// @param authority the name that the service was asked by: of HTTP/1 the host, of HTTP/2 the
///   authority; empty where none was given
/// @param site what a browser says of the page that asks, `Sec-Fetch-Site`
/// @param mode what a browser says of why it asks, `Sec-Fetch-Mode`
/// @param origin the asking page's, as far as a browser says it
public record RequestOrigin(
    @Nullable InetAddress address,
    boolean direct,
    String authority,
    @Nullable String site,
    @Nullable String mode,
    @Nullable String origin) {

  /// By any other name, a browser was led here by somebody else's name server.
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile(
          "(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

  /// What proxies and tunnels add: RFC 7239, RFC 9110 7.6.3, and the names that they had before.
  private static final Set<String> PASSED_ON =
      Set.of(
          "forwarded",
          "via",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-original-host",
          "true-client-ip",
          "cf-connecting-ip",
          "fastly-client-ip");

  private static final String PASSED_ON_PREFIX = "x-forwarded";

  private static final Set<String> OWN = Set.of("same-origin", "none");

  /// Of a request as it arrived.
  public static RequestOrigin of(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    return new RequestOrigin(
        address(request).orElse(null),
        isDirect(request),
        asked == null ? "" : asked.toString(),
        request.getHeader("Sec-Fetch-Site"),
        request.getHeader("Sec-Fetch-Mode"),
        request.getHeader("Origin"));
  }

  private static Optional<InetAddress> address(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    return remote == null || remote.hostAddress() == null
        ? Optional.empty()
        : Optional.of(InetAddress.ofLiteral(remote.hostAddress()));
  }

  /// No browser and no client of ours speaks HTTP/1.0, but nginx does, which says nothing else of
  /// itself unless it is told to.
  private static boolean isDirect(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_1_0
        && request.headers().names().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .noneMatch(name -> PASSED_ON.contains(name) || name.startsWith(PASSED_ON_PREFIX));
  }

  /// Whether somebody at this very machine asks. A proxy on it passes others' requests on from the
  /// loopback address, and a browser on it may be led here under a foreign name.
  public boolean isThisMachine() {
    return address != null
        && address.isLoopbackAddress()
        && direct
        && LOOPBACK_HOST.matcher(authority).matches();
  }

  /// Whether no other site made a browser ask. What neither header is sent with comes from no
  /// browser of the last years.
  public boolean isOwnPage() {
    return site != null ? OWN.contains(site) : !isForeign();
  }

  /// Whether the asking page has another address than the service was asked by. Where a proxy asks
  /// by a name of its own, that alone says nothing of pages.
  boolean isForeign() {
    return origin != null && !isOwn(origin);
  }

  /// Whether somebody followed a link of another site: they see the answer, the site doesn't.
  boolean isLink() {
    return "navigate".equals(mode) && origin == null;
  }

  private boolean isOwn(String origin) {
    try {
      return String.valueOf(URI.create(origin).getRawAuthority()).equalsIgnoreCase(authority);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
