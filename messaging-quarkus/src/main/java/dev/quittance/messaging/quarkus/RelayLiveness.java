package dev.quittance.messaging.quarkus;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process whose relay has ended or stands publishes nothing any more; another one may.
@Liveness
@Singleton
final class RelayLiveness implements HealthCheck {

  private final Relays relays;

  RelayLiveness(Relays relays) {
    this.relays = relays;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("outbox relay").status(relays.alive()).build();
  }
}
