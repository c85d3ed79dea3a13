package dev.quittance.ingest.translate;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Both use cases of this room, with the endpoints and the provider of a test.
record Translations(TranslationInputs inputs, LookUpRetryPolicy retries, Clock clock) {

  /// As the settings' defaults.
  static final LookUpRetryPolicy RETRIES =
      new LookUpRetryPolicy(
          Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(3));

  static Translations of(
      Function<String, Optional<Endpoint>> endpoints,
      Function<String, Optional<Provider>> providers,
      Clock clock) {
    return new Translations(new TranslationInputs(endpoints, providers, clock), RETRIES, clock);
  }

  static Translations of(Endpoint endpoint, Provider provider, Instant now) {
    return of(
        _ -> Optional.of(endpoint), _ -> Optional.of(provider), Clock.fixed(now, ZoneOffset.UTC));
  }

  Translations with(LookUpRetryPolicy other) {
    return new Translations(inputs, other, clock);
  }

  TranslateWebhook webhooks() {
    return new TranslateWebhook(inputs);
  }

  LookUpDetails details() {
    return new LookUpDetails(inputs, retries, clock);
  }

  OutcomePublisher publisher(CanonicalTopic topic, TranslationMetrics metrics) {
    return new OutcomePublisher(topic, inputs, metrics);
  }

  BatchTranslation batches(CanonicalTopic topic, MeterRegistry registry) {
    return new BatchTranslation(
        webhooks(), publisher(topic, TranslationMetrics.ofWebhooks(registry)), clock);
  }

  /// What a verbatim record says.
  TranslationOutcome translated(ProducerRecord<byte[], byte[]> verbatim) {
    return translated(taken(verbatim));
  }

  TranslationOutcome translated(ConsumerRecord<byte[], byte[]> verbatim) {
    return webhooks().translate(RetryRecord.first(verbatim, clock.instant()));
  }

  /// What the provider of a record of the retry topic answers.
  TranslationOutcome answered(ProducerRecord<byte[], byte[]> waiting) {
    return answered(taken(waiting));
  }

  TranslationOutcome answered(ConsumerRecord<byte[], byte[]> waiting) {
    Consumer<TranslationOutcome> nobody = _ -> {};
    return details().answer(RetryRecord.of(waiting, clock.instant()), nobody).outcome();
  }

  /// A record as it is read from its topic.
  static ConsumerRecord<byte[], byte[]> taken(ProducerRecord<byte[], byte[]> record) {
    var taken = new ConsumerRecord<>(record.topic(), 0, 0L, record.key(), record.value());
    record.headers().forEach(taken.headers()::add);
    return taken;
  }
}
