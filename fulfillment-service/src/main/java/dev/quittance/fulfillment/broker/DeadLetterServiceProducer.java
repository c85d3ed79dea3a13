package dev.quittance.fulfillment.broker;

import dev.quittance.messaging.deadletter.DeadLetterService;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/// Opens the dead letters of this service's brokers.
@ApplicationScoped
class DeadLetterServiceProducer {

  @Produces
  @Singleton
  DeadLetterService deadLetters(
      @Identifier("default-kafka-broker") Map<String, Object> kafka, Clock clock) {
    return DeadLetterService.over(Map.copyOf(kafka), clock);
  }

  void close(@Disposes DeadLetterService deadLetters) {
    deadLetters.close();
  }
}
