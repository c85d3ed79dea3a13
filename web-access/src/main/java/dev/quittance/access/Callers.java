package dev.quittance.access;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Finds out who a caller is. Credentials that are wrong make a stranger, never somebody by another
/// way.
@ApplicationScoped
class Callers {

  static final String BEARER = "Bearer ";

  private final boolean loopbackOperator;
  private final Optional<String> adminToken;
  private final Optional<String> token;
  private final Optional<String> viewerToken;
  private final Optional<String> returnPageToken;
  private final Instance<CallerSource> sources;
  private final CurrentVertxRequest current;

  Callers(
      @ConfigProperty(name = "quittance.loopback-operator") boolean loopbackOperator,
      @ConfigProperty(name = "quittance.admin-token") Optional<String> adminToken,
      @ConfigProperty(name = "quittance.operator-token") Optional<String> token,
      @ConfigProperty(name = "quittance.viewer-token") Optional<String> viewerToken,
      @ConfigProperty(name = "quittance.return-page-token") Optional<String> returnPageToken,
      @Any Instance<CallerSource> sources,
      CurrentVertxRequest current) {
    this.loopbackOperator = loopbackOperator;
    this.adminToken = adminToken;
    this.token = token;
    this.viewerToken = viewerToken;
    this.returnPageToken = returnPageToken;
    this.sources = sources;
    this.current = current;
  }

  /// Who asks.
  ///
  /// @return null for strangers
  /// @throws Exception when who is signed in can't be known right now
  @Nullable Caller of(ContainerRequestContext request) throws Exception {
    String authorization = request.getHeaderString("Authorization");
    if (authorization != null) {
      return authorization.startsWith(BEARER)
          ? ofToken(request, authorization.substring(BEARER.length()))
          : null;
    }
    for (CallerSource source : sources) {
      Caller signedIn = source.signedIn(request);
      if (signedIn != null) {
        return signedIn;
      }
    }
    return loopbackOperator
            && sources.stream().allMatch(CallerSource::loopbackOperator)
            && origin().isThisMachine()
        ? new Caller("this machine", Role.ADMIN, Caller.Way.LOOPBACK)
        : null;
  }

  private @Nullable Caller ofToken(ContainerRequestContext request, String given) throws Exception {
    if (is(adminToken, given)) {
      return new Caller("admin-token", Role.ADMIN, Caller.Way.TOKEN);
    }
    if (is(token, given)) {
      return new Caller("operator-token", Role.OPERATOR, Caller.Way.TOKEN);
    }
    if (is(viewerToken, given)) {
      return new Caller("viewer-token", Role.VIEWER, Caller.Way.TOKEN);
    }
    if (is(returnPageToken, given)) {
      return new Caller("return-page-token", Role.RETURN_PAGE, Caller.Way.TOKEN);
    }
    for (CallerSource source : sources) {
      Caller known = source.ofToken(request);
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  /// Whether a service turns a stranger away itself.
  boolean refusedLater(ContainerRequestContext request) {
    return sources.stream().anyMatch(source -> source.refusesStrangersLater(request));
  }

  private static boolean is(Optional<String> token, String given) {
    return token.isPresent() && Tokens.same(token.get(), given);
  }

  RequestOrigin origin() {
    return RequestOrigin.of(current.getCurrent().request());
  }
}
