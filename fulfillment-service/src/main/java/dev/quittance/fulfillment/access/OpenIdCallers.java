package dev.quittance.fulfillment.access;

import dev.quittance.access.AccessDenied;
import dev.quittance.access.Caller;
import dev.quittance.access.Role;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/// Whom the OpenID provider vouches for. That it signed a token isn't enough: it signs those of all
/// its clients, and each client gives its own people roles. Who signs in by browser has an ID
/// token, which is checked to be ours by the extension. A bearer is taken if it is meant for us
/// (`aud`), or was given to ourselves (`azp`): Keycloak leaves a client out of the audience of its
/// own tokens.
@ApplicationScoped
class OpenIdCallers {

  private final boolean enabled;
  private final Set<String> audiences;
  private final Optional<String> client;
  private final Users users;
  private final CurrentIdentityAssociation identities;

  OpenIdCallers(
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled,
      @ConfigProperty(name = "quarkus.oidc.client-id") Optional<String> client,
      @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audiences,
      Users users,
      CurrentIdentityAssociation identities) {
    this.enabled = enabled;
    this.client = client;
    this.audiences = new HashSet<>(audiences.orElse(List.of()));
    this.audiences.remove("any"); // the extension's word for not looking
    client.ifPresent(this.audiences::add);
    this.users = users;
    this.identities = identities;
  }

  /// Whether people sign in at an OpenID provider.
  boolean enabled() {
    return enabled;
  }

  /// Whose token it is that a program sends.
  ///
  /// @return absent when it isn't the provider's, or not for us
  /// @throws AccessDenied when it says nothing of a role
  @Nullable Caller bearer() {
    SecurityIdentity identity = identity();
    return identity != null
            && identity.getPrincipal() instanceof JsonWebToken token
            && isForUs(token)
        ? caller(identity, Caller.Way.BEARER)
        : null;
  }

  /// Who signed in by this browser.
  ///
  /// @return absent for nobody, and when the session is over
  /// @throws AccessDenied when the provider says nothing of a role
  @Nullable Caller signedIn() {
    SecurityIdentity identity = identity();
    return identity == null ? null : caller(identity, Caller.Way.PROVIDER);
  }

  private @Nullable SecurityIdentity identity() {
    if (!enabled) {
      return null;
    }
    try {
      SecurityIdentity identity = identities.getIdentity();
      return identity.isAnonymous() ? null : identity;
    } catch (AuthenticationFailedException e) {
      return null;
    }
  }

  private boolean isForUs(JsonWebToken token) {
    Set<String> meant = token.getAudience();
    return (meant != null && meant.stream().anyMatch(audiences::contains))
        || client.filter(us -> us.equals(text(token, "azp"))).isPresent();
  }

  private Caller caller(SecurityIdentity identity, Caller.Way way) {
    Optional<Role> named =
        identity.getRoles().stream()
            .flatMap(word -> Role.read(word).stream())
            .max(Comparator.naturalOrder());
    if (named.isPresent()) {
      return new Caller(identity.getPrincipal().getName(), named.get(), way);
    }
    return verifiedEmail(identity)
        .flatMap(users::atProvider)
        .map(user -> new Caller(user.name(), user.role(), way))
        .orElseThrow(() -> new AccessDenied(AccessDenied.Cause.NO_ROLE));
  }

  /// Google's tokens name no roles; the users' file does, by the address that Google has verified.
  /// An address that isn't verified is whatever somebody wrote into their profile.
  private static Optional<String> verifiedEmail(SecurityIdentity identity) {
    return identity.getPrincipal() instanceof JsonWebToken token
            && "true".equals(text(token, "email_verified"))
        ? Optional.ofNullable(text(token, "email"))
        : Optional.empty();
  }

  private static @Nullable String text(JsonWebToken token, String claim) {
    Object value = token.getClaim(claim);
    return value == null ? null : value.toString();
  }
}
