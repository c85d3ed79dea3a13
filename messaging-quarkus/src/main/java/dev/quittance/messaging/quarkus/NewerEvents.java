package dev.quittance.messaging.quarkus;

import io.micrometer.core.instrument.Gauge;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// Whether an intake waits for a newer version. Neither readiness nor liveness asks for it: what is
/// there can be read and served meanwhile, and a restart of this version changes nothing.
@Wellness
@Singleton
final class NewerEvents implements HealthCheck {

  private final Intakes intakes;
  private final Gauges gauges;

  NewerEvents(Intakes intakes, Gauges gauges) {
    this.intakes = intakes;
    this.gauges = gauges;
  }

  void measure(@Observes StartupEvent started) {
    gauges.register(
        Gauge.builder("quittance.intake.left", intakes, at -> at.newer().isPresent() ? 1 : 0)
            .description("Whether the intake waits for a newer version"));
  }

  @Override
  public HealthCheckResponse call() {
    var response =
        HealthCheckResponse.named("newer payment events").status(intakes.newer().isEmpty());
    intakes.newer().ifPresent(types -> response.withData("types", types));
    return response.build();
  }
}
