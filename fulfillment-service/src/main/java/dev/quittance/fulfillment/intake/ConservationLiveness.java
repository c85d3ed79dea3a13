package dev.quittance.fulfillment.intake;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process that no longer compares its ledger with the topics would report a loss to nobody;
/// another one may.
@Liveness
@Singleton
final class ConservationLiveness implements HealthCheck {

  private final Conserving conserving;

  ConservationLiveness(Conserving conserving) {
    this.conserving = conserving;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("conservation").status(conserving.alive()).build();
  }
}
