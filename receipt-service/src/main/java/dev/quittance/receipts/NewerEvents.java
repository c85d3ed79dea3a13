package dev.quittance.receipts;

import dev.quittance.inboxoutbox.Intake;
import dev.quittance.receipts.intake.Heard;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// Whether the intake waits for a newer version. Neither readiness nor liveness asks for it: mails
/// are sent meanwhile, and a restart of this version changes nothing.
@Wellness
@Singleton
final class NewerEvents implements HealthCheck {

  private final Intake<Heard> intake;

  NewerEvents(Intake<Heard> intake) {
    this.intake = intake;
  }

  void measure(@Observes StartupEvent started, MeterRegistry meters) {
    Gauge.builder("quittance.intake.left", intake, at -> at.newer().isPresent() ? 1 : 0)
        .description("Whether the intake waits for a newer version")
        .strongReference(true)
        .register(meters);
  }

  @Override
  public HealthCheckResponse call() {
    var response =
        HealthCheckResponse.named("newer payment events").status(intake.newer().isEmpty());
    intake.newer().ifPresent(types -> response.withData("types", types));
    return response.build();
  }
}
