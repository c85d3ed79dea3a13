package dev.quittance.fulfillment.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// The one place that decides who a caller is and whether they may in. Whoever has the operator's
/// token is the operator; where `quittance.loopback-operator` allows it, so is whoever calls from
/// this very machine without credentials.
final class Gate {

  private static final String BEARER = "Bearer ";

  private final boolean loopbackOperator;
  private final Optional<String> token;
  private final CurrentVertxRequest current;

  Gate(
      @ConfigProperty(name = "quittance.loopback-operator") boolean loopbackOperator,
      @ConfigProperty(name = "quittance.operator-token") Optional<String> token,
      CurrentVertxRequest current) {
    this.current = current;
    this.loopbackOperator = loopbackOperator;
    this.token = token;
  }

  @ServerRequestFilter
  @Nullable Response admit(ContainerRequestContext request) {
    return switch (caller(request.getHeaderString("Authorization"))) {
      case OPERATOR -> null;
      case UNKNOWN ->
          Response.fromResponse(Problem.of(401, "unauthorized", "Say who you are.").response())
              .header("WWW-Authenticate", "Bearer")
              .build();
    };
  }

  private Caller caller(@Nullable String authorization) {
    if (authorization == null) {
      return loopbackOperator && isLoopback() ? Caller.OPERATOR : Caller.UNKNOWN;
    }
    return authorization.startsWith(BEARER) && isToken(authorization.substring(BEARER.length()))
        ? Caller.OPERATOR
        : Caller.UNKNOWN;
  }

  private boolean isLoopback() {
    return InetAddress.ofLiteral(current.getCurrent().request().remoteAddress().hostAddress())
        .isLoopbackAddress();
  }

  /// In constant time: how much of a guess is right must not show.
  private boolean isToken(String given) {
    return token.isPresent()
        && MessageDigest.isEqual(
            token.get().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
