package dev.quittance.fulfillment.door;

import dev.quittance.access.Caller;
import dev.quittance.access.CallerSource;
import dev.quittance.access.Role;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Who is signed in: by a session of the users' file, or at the OpenID provider.
@ApplicationScoped
class Callers implements CallerSource {

  private final boolean provider;
  private final Users users;
  private final ConsoleSessions sessions;
  private final CurrentIdentityAssociation identities;
  private final CurrentVertxRequest current;

  Callers(
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean provider,
      Users users,
      ConsoleSessions sessions,
      CurrentIdentityAssociation identities,
      CurrentVertxRequest current) {
    this.provider = provider;
    this.users = users;
    this.sessions = sessions;
    this.identities = identities;
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

  /// Where people sign in, being at this machine is nothing.
  @Override
  public boolean loopbackOperator() {
    return !provider && !users.exist();
  }

  /// @throws SQLException when the database is away, and who is signed in can't be known
  @Override
  public @Nullable Caller signedIn(ContainerRequestContext request) throws SQLException {
    Caller signedIn = ofSession(request.getCookies().get(SignIn.SESSION));
    return signedIn == null ? ofProvider(Caller.Way.PROVIDER) : signedIn;
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

  @Override
  public @Nullable Caller ofToken(ContainerRequestContext request) {
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

  /// Where the request comes from, as far as the connection says.
  Optional<InetAddress> address() {
    SocketAddress remote = current.getCurrent().request().remoteAddress();
    return remote == null || remote.hostAddress() == null
        ? Optional.empty()
        : Optional.of(InetAddress.ofLiteral(remote.hostAddress()));
  }
}
