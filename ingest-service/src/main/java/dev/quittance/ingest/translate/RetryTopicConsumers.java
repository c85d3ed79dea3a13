package dev.quittance.ingest.translate;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Runs the consumers of all lanes, each by itself. A process in which one has ended asks no
/// provider any more, and leaves payments without their items: another one may not, so it isn't
/// live.
@Liveness
@Singleton
final class RetryTopicConsumers implements HealthCheck {

  /// Together: what is unfinished then is asked again at the next start.
  private static final Duration STOP_MAX = Duration.ofSeconds(3);

  private record Lane(RetryLane lane, RetryTopicConsumer consumer, CanonicalTopic topic) {}

  private final List<Lane> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  RetryTopicConsumers(
      Endpoints endpoints,
      TranslationInputs inputs,
      LookUpDetails details,
      RetryLanes retryLanes,
      LookUpSettings settings,
      @Identifier("default-kafka-broker") Map<String, Object> client,
      MeterRegistry registry,
      Clock clock) {
    var metrics = TranslationMetrics.ofLookUps(registry);
    for (Endpoint endpoint : endpoints.all()) {
      metrics.expect(endpoint.name());
    }
    for (RetryLane lane : retryLanes.all()) {
      var topic =
          new CanonicalTopic(() -> CanonicalTopic.producer(client, lane.group()), metrics::retried);
      lanes.add(
          new Lane(
              lane,
              new RetryTopicConsumer(
                  lane,
                  () -> RetryTopicConsumer.consumer(client, lane),
                  new OutcomePublisher(topic, inputs, metrics),
                  details,
                  settings.hold(),
                  clock),
              topic));
    }
  }

  void start(@Observes StartupEvent event) {
    for (Lane lane : lanes) {
      threads.add(Thread.ofVirtual().name(lane.lane().group()).start(() -> runUntilClosed(lane)));
    }
  }

  private static void runUntilClosed(Lane lane) {
    try (var _ = lane.topic()) {
      lane.consumer().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("look-ups")
        .status(stopping || threads.stream().allMatch(Thread::isAlive))
        .build();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    lanes.forEach(lane -> lane.consumer().close());
    long end = System.nanoTime() + STOP_MAX.toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        thread.interrupt();
      }
    }
  }
}
