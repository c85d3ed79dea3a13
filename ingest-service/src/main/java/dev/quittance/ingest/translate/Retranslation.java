package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Translates verbatim records once more, beside the translation of what is new: what follows is
/// published with `ce_origin=replayed` and the ids that it always has. For one thread at a time.
@Singleton
public final class Retranslation {

  private static final String ORIGIN = "ce_origin";

  private final BatchTranslation batches;
  private final CanonicalTopic canonicalTopic;

  Retranslation(
      TranslationInputs inputs,
      TranslateWebhook translation,
      @Identifier("default-kafka-broker") Map<String, Object> client,
      MeterRegistry registry,
      Clock clock) {
    var metrics = TranslationMetrics.ofReplays(registry);
    canonicalTopic =
        new CanonicalTopic(
            () -> CanonicalTopic.producer(client, "quittance-replay"), metrics::retried);
    batches =
        new BatchTranslation(
            translation, new OutcomePublisher(canonicalTopic, inputs, metrics), clock);
  }

  /// What became of records that were translated once more.
  ///
  /// @param translated they say something
  /// @param asked they say something, and their provider is being asked for the rest
  /// @param ignored they say nothing: what a lower revision made of them is withdrawn
  /// @param dead they can't be understood: likewise, and they are dead letters
  public record Counts(long translated, long asked, long ignored, long dead) {

    /// Nothing so far.
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    private static Counts of(TranslationOutcome outcome) {
      return switch (outcome) {
        case TranslationOutcome.Translated _ -> new Counts(1, 0, 0, 0);
        case TranslationOutcome.Asking _ -> new Counts(0, 1, 0, 0);
        case TranslationOutcome.Ignored _ -> new Counts(0, 0, 1, 0);
        case TranslationOutcome.Dead _ -> new Counts(0, 0, 0, 1);
      };
    }

    /// Both.
    public Counts plus(Counts more) {
      return new Counts(
          translated + more.translated,
          asked + more.asked,
          ignored + more.ignored,
          dead + more.dead);
    }
  }

  /// Returns when all that follows from the records is safe on its topics.
  ///
  /// @throws InterruptedException when it is to stop before; part of it may be published
  public Counts again(List<ConsumerRecord<byte[], byte[]>> verbatim) throws InterruptedException {
    return batches.work(verbatim.stream().map(Retranslation::replayed).toList()).stream()
        .map(Counts::of)
        .reduce(Counts.NONE, Counts::plus);
  }

  private static ConsumerRecord<byte[], byte[]> replayed(ConsumerRecord<byte[], byte[]> verbatim) {
    var headers = new RecordHeaders(verbatim.headers());
    headers.remove(ORIGIN);
    headers.add(ORIGIN, CloudEvent.Origin.REPLAYED.wireName().getBytes(UTF_8));
    return new ConsumerRecord<>(
        verbatim.topic(),
        verbatim.partition(),
        verbatim.offset(),
        verbatim.timestamp(),
        verbatim.timestampType(),
        verbatim.serializedKeySize(),
        verbatim.serializedValueSize(),
        verbatim.key(),
        verbatim.value(),
        headers,
        verbatim.leaderEpoch());
  }

  void stop(@Observes ShutdownEvent event) {
    canonicalTopic.close();
  }
}
