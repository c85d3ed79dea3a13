package dev.quittance.access;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/// A caller who was let in, as the framework's own interface has them.
public record CallerContext(Caller caller, boolean isSecure) implements SecurityContext {

  @Override
  public Principal getUserPrincipal() {
    return caller::name;
  }

  @Override
  public boolean isUserInRole(String role) {
    return Role.read(role).filter(caller::may).isPresent();
  }

  @Override
  public @Nullable String getAuthenticationScheme() {
    return switch (caller.way()) {
      case TOKEN, BEARER -> "Bearer";
      case PASSWORD -> FORM_AUTH;
      case PROVIDER -> "openid";
      case LOOPBACK -> null;
    };
  }
}
