package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.inboxoutbox.ConservationWatch;
import dev.quittance.inboxoutbox.Pause;
import dev.quittance.inboxoutbox.TransactionMarkers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/// Measures whether everything that was accepted is accounted for, and sees to it that what
/// transactions leave in the log doesn't look like something that isn't.
@ApplicationScoped
class Conserving {

  /// The polling thread may be in a poll, or wait for the brokers with a commit.
  private static final Duration POLLING_THREAD_MAX = Duration.ofSeconds(20);

  private final ConservationWatch watch;
  private final TransactionMarkers markers;

  Conserving(
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      KafkaClientService consumers,
      MeterRegistry meters) {
    this.watch =
        new ConservationWatch(ConsumerGroup.FULFILLMENT, database, Map.copyOf(kafka), Pause.REAL);
    this.markers =
        new TransactionMarkers(
            database,
            Map.copyOf(kafka),
            List.of(member(consumers, "payments"), member(consumers, "commands")),
            Pause.REAL);
    for (Topic topic : ConsumerGroup.FULFILLMENT.reads()) {
      Gauge.builder("quittance.conservation.mismatch", watch, at -> at.mismatch(topic))
          .description("Records by which ledger and topic differ")
          .tag("topic", topic.topicName())
          .strongReference(true)
          .register(meters);
    }
  }

  private static TransactionMarkers.Member member(KafkaClientService consumers, String channel) {
    return work ->
        consumers
            .<byte[], byte[]>getConsumer(channel)
            .runOnPollingThread(consumer -> {
              work.accept(consumer);
            })
            .await()
            .atMost(POLLING_THREAD_MAX);
  }

  /// Whether somebody looks, or nobody should.
  boolean alive() {
    return watch.alive() && markers.alive();
  }

  void start(@Observes StartupEvent started) {
    watch.start();
    markers.start();
  }

  void stop(@Observes ShutdownEvent stopping) {
    markers.close();
    watch.close();
  }
}
