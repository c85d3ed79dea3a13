package dev.quittance.ingest.publish;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process whose thread for the brokers has ended answers 503 for ever; another one may not.
/// Brokers that are away are no reason to start again.
@Liveness
@Singleton
final class BrokerLiveness implements HealthCheck {

  private final VerbatimTopic topic;

  BrokerLiveness(VerbatimTopic topic) {
    this.topic = topic;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("verbatim topic contact").status(topic.alive()).build();
  }
}
