package dev.quittance.fulfillment.store;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process whose relay has ended or stands tells nobody anything any more; another one may.
@Liveness
@Singleton
final class RelayAlive implements HealthCheck {

  private final Publishing publishing;

  RelayAlive(Publishing publishing) {
    this.publishing = publishing;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("outbox relay").status(publishing.alive()).build();
  }
}
