package dev.quittance.ingest.operator;

import dev.quittance.access.CallerSource;
import dev.quittance.ingest.endpoint.Endpoints;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Whether being at this machine makes the operator: only while nothing is served but the local
/// endpoints, whose secrets everybody knows, and nobody set a token.
@Singleton
final class OperatorAccess implements CallerSource {

  private final boolean loopbackOperator;

  OperatorAccess(
      Endpoints endpoints,
      @ConfigProperty(name = "quittance.operator-token") Optional<String> token) {
    loopbackOperator = endpoints.published() && token.isEmpty();
  }

  @Override
  public boolean loopbackOperator() {
    return loopbackOperator;
  }
}
