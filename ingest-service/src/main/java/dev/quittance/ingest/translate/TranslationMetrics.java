package dev.quittance.ingest.translate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/// What became of how many records. For the verbatim topic, `translated`, `asking`, `ignored` and
/// `dead` together with the lag add up to what the edge accepted (what was asked for at once and
/// answered is `translated`); for the retry topic, `translated`, `ignored` and `dead` together with
/// what waits add up to `asking` of the verbatim topic. A batch that a crash repeats is counted
/// again.
final class TranslationMetrics {

  private static final String RETRIES = "quittance.translate.publish.retries";

  private final MeterRegistry registry;
  private final String counter;

  private TranslationMetrics(MeterRegistry registry, String counter) {
    this.registry = registry;
    this.counter = counter;
    // there from the start: an alarm on an increase would miss the first otherwise
    registry.counter(RETRIES);
  }

  /// Of verbatim records.
  static TranslationMetrics ofWebhooks(MeterRegistry registry) {
    return new TranslationMetrics(registry, "quittance.translate.webhooks");
  }

  /// Of questions to providers.
  static TranslationMetrics ofLookUps(MeterRegistry registry) {
    return new TranslationMetrics(registry, "quittance.translate.lookups");
  }

  /// Of verbatim records that are translated once more.
  static TranslationMetrics ofReplays(MeterRegistry registry) {
    return new TranslationMetrics(registry, "quittance.replay.webhooks");
  }

  void count(TranslationOutcome outcome) {
    registry
        .counter(
            counter,
            "endpoint",
            outcome.endpoint(),
            "outcome",
            outcome.word(),
            "reason",
            outcome.why())
        .increment();
  }

  /// What may come of an endpoint's records.
  void expect(String endpoint) {
    registry.counter(counter, "endpoint", endpoint, "outcome", "translated", "reason", "");
  }

  /// An attempt to publish failed and is repeated.
  void retried() {
    registry.counter(RETRIES).increment();
  }

  /// How many questions a lane holds in this process.
  void waiting(RetryLane lane, AtomicInteger held) {
    registry.gauge(
        counter + ".waiting",
        Tags.of("endpoint", lane.endpoint(), "kind", lane.kind()),
        held,
        AtomicInteger::get);
  }

  /// Whether an endpoint's provider doesn't answer, so that it is only tried now and then: 1, else
  /// 0.
  void circuit(String endpoint, CircuitBreaker circuit) {
    Gauge.builder(counter + ".circuit.open", circuit, breaker -> breaker.open() ? 1 : 0)
        .tag("endpoint", endpoint)
        .strongReference(true)
        .register(registry);
  }
}
