package dev.quittance.ingest.translate;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Providers;
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

/// Runs the look-ups of all endpoints that can ask their provider, each kind by itself.
@Singleton
final class LookUpLoops {

  /// Together: what is unfinished then is asked again at the next start.
  private static final Duration FAREWELL_MAX = Duration.ofSeconds(3);

  private record Loop(Lane lane, LookUps lookUps, CanonicalTopic topic) {}

  private final List<Loop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  LookUpLoops(
      Endpoints endpoints,
      Providers providers,
      Clock clock,
      MeterRegistry registry,
      @Identifier("default-kafka-broker") Map<String, Object> client,
      LookUpSettings settings,
      ProviderLimits limits) {
    var metrics = TranslationMetrics.ofLookUps(registry);
    var translation =
        new RecordTranslation(endpoints::named, providers::named, settings.patience(), clock);
    for (Endpoint endpoint : endpoints.all()) {
      metrics.expect(endpoint.name());
    }
    limits
        .lanes()
        .forEach((lane, limit) -> {
          var topic =
              new CanonicalTopic(
                  () -> CanonicalTopic.producer(client, lane.group()), metrics::retried);
          loops.add(
              new Loop(
                  lane,
                  new LookUps(
                      lane,
                      () -> LookUps.consumer(client, lane),
                      topic,
                      translation,
                      limit,
                      metrics,
                      settings.hold(),
                      clock),
                  topic));
        });
  }

  void start(@Observes StartupEvent event) {
    for (Loop loop : loops) {
      threads.add(Thread.ofVirtual().name(loop.lane().group()).start(() -> askUntilClosed(loop)));
    }
  }

  private static void askUntilClosed(Loop loop) {
    try (var _ = loop.topic()) {
      loop.lookUps().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether every lane is looked after, or nobody should.
  boolean alive() {
    return stopping || threads.stream().allMatch(Thread::isAlive);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    loops.forEach(loop -> loop.lookUps().close());
    long end = System.nanoTime() + FAREWELL_MAX.toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        thread.interrupt();
      }
    }
  }
}
