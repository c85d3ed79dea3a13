package dev.quittance.ingest.translate;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process that asks no provider any more leaves payments without their items; another one may
/// not.
@Liveness
@Singleton
final class LookUpsAlive implements HealthCheck {

  private final LookUpLoops loops;

  LookUpsAlive(LookUpLoops loops) {
    this.loops = loops;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("look-ups").status(loops.alive()).build();
  }
}
