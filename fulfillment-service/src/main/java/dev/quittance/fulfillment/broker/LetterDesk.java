package dev.quittance.fulfillment.broker;

import dev.quittance.deadletters.DeadLetterDesk;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/// Opens the desk of dead letters over this service's brokers.
@ApplicationScoped
class LetterDesk {

  @Produces
  @Singleton
  DeadLetterDesk desk(@Identifier("default-kafka-broker") Map<String, Object> kafka, Clock clock) {
    return DeadLetterDesk.over(Map.copyOf(kafka), clock);
  }

  void close(@Disposes DeadLetterDesk desk) {
    desk.close();
  }
}
