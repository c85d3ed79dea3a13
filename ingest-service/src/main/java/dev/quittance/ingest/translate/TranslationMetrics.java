package dev.quittance.ingest.translate;

import io.micrometer.core.instrument.MeterRegistry;

/// What became of how many webhooks. Together with the lag these add up to what the edge accepted;
/// a batch that a crash repeats is counted again.
final class TranslationMetrics {

  private final MeterRegistry registry;

  TranslationMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(Outcome outcome) {
    switch (outcome) {
      case Outcome.Translated translated -> {
        count(translated.endpoint(), "translated", "");
        registry
            .counter("quittance.translate.events", "endpoint", translated.endpoint())
            .increment(translated.records().size());
      }
      case Outcome.Ignored(var endpoint, var why) -> count(endpoint, "ignored", why);
      case Outcome.Dead(var endpoint, var letter, _) ->
          count(endpoint, "dead", letter.why().wireName());
    }
  }

  void retried() {
    registry.counter("quittance.translate.publish.retries").increment();
  }

  private void count(String endpoint, String outcome, String reason) {
    registry
        .counter(
            "quittance.translate.webhooks",
            "endpoint",
            endpoint,
            "outcome",
            outcome,
            "reason",
            reason)
        .increment();
  }
}
