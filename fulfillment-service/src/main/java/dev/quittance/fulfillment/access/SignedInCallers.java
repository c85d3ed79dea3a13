package dev.quittance.fulfillment.access;

import dev.quittance.access.Caller;
import dev.quittance.access.CallerSource;
import dev.quittance.fulfillment.persistence.ConsoleSessions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import java.security.MessageDigest;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Who is signed in: by a session of the users' file, or at the OpenID provider.
@ApplicationScoped
class SignedInCallers implements CallerSource {

  private final Users users;
  private final ConsoleSessions sessions;
  private final OpenIdCallers provider;

  SignedInCallers(Users users, ConsoleSessions sessions, OpenIdCallers provider) {
    this.users = users;
    this.sessions = sessions;
    this.provider = provider;
  }

  /// Where people sign in, being at this machine is nothing.
  @Override
  public boolean loopbackOperator() {
    return !provider.enabled() && !users.exist();
  }

  /// [CsrfFilter] does.
  @Override
  public boolean refusesStrangersLater(ContainerRequestContext request) {
    return CsrfProtection.isPage(request) && CsrfProtection.isForm(request);
  }

  /// @throws SQLException when the database is away, and who is signed in can't be known
  @Override
  public @Nullable Caller signedIn(ContainerRequestContext request) throws SQLException {
    Caller signedIn = ofSession(request.getCookies().get(SignIn.SESSION));
    return signedIn == null ? provider.signedIn() : signedIn;
  }

  @Override
  public @Nullable Caller ofToken(ContainerRequestContext request) {
    return provider.bearer();
  }

  /// A session is of the password that began it.
  private @Nullable Caller ofSession(@Nullable Cookie cookie) throws SQLException {
    if (cookie == null || !users.exist()) {
      return null;
    }
    ConsoleSessions.SignedIn session = sessions.find(cookie.getValue()).orElse(null);
    return session == null
        ? null
        : users
            .find(session.user())
            .filter(user -> MessageDigest.isEqual(user.hash().fingerprint(), session.credential()))
            .map(user -> new Caller(user.name(), user.role(), Caller.Way.PASSWORD))
            .orElse(null);
  }
}
