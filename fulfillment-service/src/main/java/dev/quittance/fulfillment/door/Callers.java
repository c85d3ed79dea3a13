package dev.quittance.fulfillment.door;

import dev.quittance.fulfillment.store.ConsoleSessions;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import java.net.InetAddress;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Finds out who a caller is. Credentials that are wrong make a stranger, never somebody by another
/// way.
@ApplicationScoped
class Callers {

  private static final String BEARER = "Bearer ";

  /// By any other name, a browser was led here by somebody else's name server.
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");

  private final boolean loopbackOperator;
  private final Optional<String> token;
  private final Optional<String> viewerToken;
  private final Optional<String> returnPageToken;
  private final boolean provider;
  private final Users users;
  private final ConsoleSessions sessions;
  private final CurrentIdentityAssociation identities;
  private final Origins origins;
  private final CurrentVertxRequest current;

  Callers(
      @ConfigProperty(name = "quittance.loopback-operator") boolean loopbackOperator,
      @ConfigProperty(name = "quittance.operator-token") Optional<String> token,
      @ConfigProperty(name = "quittance.viewer-token") Optional<String> viewerToken,
      @ConfigProperty(name = "quittance.return-page-token") Optional<String> returnPageToken,
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean provider,
      Users users,
      ConsoleSessions sessions,
      CurrentIdentityAssociation identities,
      Origins origins,
      CurrentVertxRequest current) {
    this.loopbackOperator = loopbackOperator && !provider && !users.exist();
    this.token = token;
    this.viewerToken = viewerToken;
    this.returnPageToken = returnPageToken;
    this.provider = provider;
    this.users = users;
    this.sessions = sessions;
    this.identities = identities;
    this.origins = origins;
    this.current = current;
  }

  /// Whether people sign in at an OpenID provider.
  boolean byProvider() {
    return provider;
  }

  /// Whether people sign in with a password.
  boolean byPassword() {
    return users.exist();
  }

  /// Who asks.
  ///
  /// @return absent for strangers
  /// @throws SQLException when the database is away, and who is signed in can't be known
  @Nullable Caller of(ContainerRequestContext request) throws SQLException {
    String authorization = request.getHeaderString("Authorization");
    if (authorization != null) {
      if (!authorization.startsWith(BEARER)) {
        return null;
      }
      String given = authorization.substring(BEARER.length());
      if (token.isPresent() && Passwords.same(token.get(), given)) {
        return new Caller("operator token", Role.OPERATOR, Caller.Way.TOKEN);
      }
      if (viewerToken.isPresent() && Passwords.same(viewerToken.get(), given)) {
        return new Caller("viewer token", Role.VIEWER, Caller.Way.TOKEN);
      }
      if (returnPageToken.isPresent() && Passwords.same(returnPageToken.get(), given)) {
        return new Caller("return page", Role.RETURN_PAGE, Caller.Way.TOKEN);
      }
      return ofToken();
    }
    Caller signedIn = ofSession(request.getCookies().get(SignIn.SESSION));
    if (signedIn == null) {
      signedIn = ofProvider(Caller.Way.PROVIDER);
    }
    if (signedIn == null && loopbackOperator && isLoopback(request)) {
      return new Caller("this machine", Role.OPERATOR, Caller.Way.LOOPBACK);
    }
    return signedIn;
  }

  private @Nullable Caller ofSession(@Nullable Cookie cookie) throws SQLException {
    if (cookie == null || !users.exist()) {
      return null;
    }
    return sessions
        .user(cookie.getValue())
        .flatMap(users::find)
        .map(user -> new Caller(user.name(), user.role(), Caller.Way.PASSWORD))
        .orElse(null);
  }

  private @Nullable Caller ofToken() {
    try {
      return ofProvider(Caller.Way.TOKEN);
    } catch (AuthenticationFailedException e) {
      return null;
    }
  }

  /// What the OpenID provider says of them. Somebody without a role of ours is a stranger.
  private @Nullable Caller ofProvider(Caller.Way way) {
    if (!provider) {
      return null;
    }
    SecurityIdentity identity = identities.getIdentity();
    if (identity.isAnonymous()) {
      return null;
    }
    return identity.getRoles().stream()
        .flatMap(word -> Role.read(word).stream())
        .max(Comparator.naturalOrder())
        .map(role -> new Caller(identity.getPrincipal().getName(), role, way))
        .orElse(null);
  }

  /// A proxy on this machine passes others' requests on from the loopback address, and says so.
  private boolean isLoopback(ContainerRequestContext request) {
    return address().filter(InetAddress::isLoopbackAddress).isPresent()
        && LOOPBACK_HOST.matcher(origins.authority()).matches()
        && request.getHeaderString("Forwarded") == null
        && request.getHeaderString("X-Forwarded-For") == null;
  }

  /// Where the request comes from, as far as the connection says.
  Optional<InetAddress> address() {
    SocketAddress remote = current.getCurrent().request().remoteAddress();
    return remote == null || remote.hostAddress() == null
        ? Optional.empty()
        : Optional.of(InetAddress.ofLiteral(remote.hostAddress()));
  }
}
