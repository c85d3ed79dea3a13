package dev.quittance.access;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.jspecify.annotations.Nullable;

/// What a service knows of its callers beside tokens and the loopback address: who is signed in,
/// and whether being at this machine is enough. A bean of this type is asked by [AccessFilter].
public interface CallerSource {

  /// Whether whoever is at this machine may be the operator, where `quittance.loopback-operator`
  /// allows it.
  boolean loopbackOperator();

  /// Whether the service itself turns strangers away, by a filter of its own that comes after the
  /// form was read: so that a page keeps what somebody has typed whose session is over. The request
  /// goes on without a caller until then.
  default boolean refusesStrangersLater(ContainerRequestContext request) {
    return false;
  }

  /// Who sends a bearer token that is neither the operator's nor the viewer's.
  ///
  /// @return null for strangers
  /// @throws Exception when it can't be known right now
  default @Nullable Caller ofToken(ContainerRequestContext request) throws Exception {
    return null;
  }

  /// Who is signed in.
  ///
  /// @return null when nobody is
  /// @throws Exception when it can't be known right now
  default @Nullable Caller signedIn(ContainerRequestContext request) throws Exception {
    return null;
  }
}
