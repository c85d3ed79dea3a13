package dev.quittance.ingest.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Decides who is the operator. With a token configured, whoever has it; on a developer's machine,
/// whoever is on it.
@Singleton
public final class AdminGate {

  private static final String BEARER = "Bearer ";

  private final Optional<String> token;
  private final boolean localDefaults;

  AdminGate(
      @ConfigProperty(name = "quittance.admin-token") Optional<String> token,
      @ConfigProperty(name = "quittance.local-defaults", defaultValue = "false")
          boolean localDefaults) {
    this.token = token;
    this.localDefaults = localDefaults;
  }

  /// Whether this is the operator.
  public boolean admits(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return admits(
        request.getHeader("Authorization"),
        request.getHeader("Origin"),
        address == null ? null : address.hostAddress());
  }

  /// @param origin what a browser says when a page asks
  /// @param address the caller's, as a literal
  boolean admits(
      @Nullable String authorization, @Nullable String origin, @Nullable String address) {
    if (token.isPresent()) {
      return isToken(token.get(), authorization);
    }
    // a page of anybody's that is open in the developer's browser is on the machine as well
    return localDefaults && origin == null && isLoopback(address);
  }

  /// In constant time: how much of a guess is right must not show.
  private static boolean isToken(String token, @Nullable String authorization) {
    return authorization != null
        && authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(UTF_8), token.getBytes(UTF_8));
  }

  private static boolean isLoopback(@Nullable String address) {
    try {
      return address != null && InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
