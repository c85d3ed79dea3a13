package dev.quittance.messaging.quarkus;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.inbox.ConservationWatch;
import dev.quittance.messaging.inbox.TransactionMarkers;
import io.micrometer.core.instrument.Gauge;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Measures whether everything that was accepted is accounted for, and sees to it that what
/// transactions leave in the log doesn't look like something that isn't. A process in which nobody
/// compares any more would report a loss to nobody; another one may.
@Liveness
@Singleton
final class ConservationGauge implements HealthCheck {

  /// The polling thread may be in a poll, or wait for the brokers with a commit.
  private static final Duration POLLING_THREAD_MAX = Duration.ofSeconds(20);

  private final ConservationWatch watch;
  private final TransactionMarkers markers;

  ConservationGauge(
      ConsumerGroup group,
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      KafkaClientService consumers,
      Gauges gauges) {
    this.watch = new ConservationWatch(group, database, Map.copyOf(kafka), Pause.REAL);
    this.markers =
        new TransactionMarkers(
            database,
            Map.copyOf(kafka),
            () ->
                consumers.getConsumerChannels().stream()
                    .map(channel -> member(consumers, channel))
                    .iterator(),
            Pause.REAL);
    for (Topic topic : group.reads()) {
      gauges.register(
          Gauge.builder("quittance.conservation.mismatch", watch, at -> at.mismatch(topic))
              .description("Records by which ledger and topic differ")
              .tag("topic", topic.topicName()));
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

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("conservation")
        .status(watch.alive() && markers.alive())
        .build();
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
