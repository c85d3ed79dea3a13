package dev.quittance.receipts.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// The one place that decides whether callers may in. Whoever has the operator's token is the
/// operator; where `quittance.loopback-operator` allows it, so is whoever calls from this very
/// machine without credentials. Everybody may see what is [ForEverybody].
final class Gate {

  private static final String BEARER = "Bearer ";

  private final boolean loopbackOperator;
  private final Optional<String> token;
  private final CurrentVertxRequest current;

  Gate(
      @ConfigProperty(name = "quittance.loopback-operator") boolean loopbackOperator,
      @ConfigProperty(name = "quittance.operator-token") Optional<String> token,
      CurrentVertxRequest current) {
    this.loopbackOperator = loopbackOperator;
    this.token = token;
    this.current = current;
  }

  @ServerRequestFilter
  @Nullable Response admit(ContainerRequestContext request, ResourceInfo called) {
    if (called.getResourceMethod().isAnnotationPresent(ForEverybody.class)
        || isOperator(request.getHeaderString("Authorization"))) {
      return null;
    }
    return Response.fromResponse(Problem.response(Response.Status.UNAUTHORIZED, "Say who you are."))
        .header("WWW-Authenticate", "Bearer")
        .build();
  }

  private boolean isOperator(@Nullable String authorization) {
    if (authorization == null) {
      return loopbackOperator && isLoopback();
    }
    return authorization.startsWith(BEARER) && isToken(authorization.substring(BEARER.length()));
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
