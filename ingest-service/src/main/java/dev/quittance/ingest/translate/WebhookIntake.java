package dev.quittance.ingest.translate;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/// Takes batches from the verbatim topic and acknowledges them: the one place in this service that
/// does. A batch is acknowledged when all that follows from it is safe, and not before.
@Singleton
final class WebhookIntake {

  /// A batch takes some milliseconds; one that an outage holds up is repeated after the restart.
  private static final Duration STOP_MAX = Duration.ofSeconds(3);

  private static final Logger LOG = Logger.getLogger(WebhookIntake.class);

  /// One batch after the other, off the event loop, for as long as an outage takes.
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("translate").factory());

  private final CanonicalTopic canonicalTopic;
  private final BatchTranslation batches;
  private final ImmediateLookUps lookUps;

  WebhookIntake(
      Endpoints endpoints,
      TranslationInputs inputs,
      TranslateWebhook translation,
      LookUpDetails details,
      RetryLanes lanes,
      LookUpSettings settings,
      @Identifier("default-kafka-broker") Map<String, Object> client,
      MeterRegistry registry,
      Clock clock) {
    var metrics = TranslationMetrics.ofWebhooks(registry);
    for (Endpoint endpoint : endpoints.all()) {
      metrics.expect(endpoint.name());
    }
    canonicalTopic =
        new CanonicalTopic(
            () -> CanonicalTopic.producer(client, "quittance-translate"), metrics::retried);
    var publisher = new OutcomePublisher(canonicalTopic, inputs, metrics);
    batches = new BatchTranslation(translation, publisher, clock);
    lookUps = new ImmediateLookUps(details, publisher, lanes, settings.hold(), worker, clock);
  }

  /// The next batch follows when the stage completes; the acknowledgement when what the batch
  /// leaves open is answered as well, or waits on the retry topic. What is committed has nothing
  /// unfinished before it.
  @Incoming("webhooks")
  CompletionStage<Void> take(Message<ConsumerRecords<byte[], byte[]>> batch) {
    return CompletableFuture.supplyAsync(() -> begin(batch.getPayload()), worker)
        .handle((asking, fault) -> {
          CompletionStage<Void> safe =
              fault == null ? asking : CompletableFuture.<Void>failedFuture(fault);
          var _ =
              safe.whenComplete((_, late) -> {
                var _ = late == null ? batch.ack() : batch.nack(late);
              });
          return null;
        });
  }

  private CompletionStage<Void> begin(ConsumerRecords<byte[], byte[]> batch) {
    try {
      return batches.begin(batch, lookUps);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped before the batch was safe", e);
    }
  }

  /// Lets the batch under way end, unless an outage holds it up.
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    lookUps.close();
    worker.shutdown();
    if (!worker.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.info("translate.stopping the batch under way will be repeated");
      worker.shutdownNow();
    }
    canonicalTopic.close();
  }
}
