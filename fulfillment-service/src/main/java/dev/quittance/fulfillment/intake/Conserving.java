package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.inboxoutbox.ConservationWatch;
import dev.quittance.inboxoutbox.Pause;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import javax.sql.DataSource;

/// Measures whether everything that was accepted is accounted for.
@ApplicationScoped
class Conserving {

  private final ConservationWatch watch;

  Conserving(
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry meters) {
    this.watch =
        new ConservationWatch(ConsumerGroup.FULFILLMENT, database, Map.copyOf(kafka), Pause.REAL);
    for (Topic topic : ConsumerGroup.FULFILLMENT.reads()) {
      Gauge.builder("quittance.conservation.mismatch", watch, at -> at.mismatch(topic))
          .description("Records by which ledger and topic differ")
          .tag("topic", topic.topicName())
          .strongReference(true)
          .register(meters);
    }
  }

  void start(@Observes StartupEvent started) {
    watch.start();
  }

  void stop(@Observes ShutdownEvent stopping) {
    watch.close();
  }
}
