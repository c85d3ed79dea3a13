package dev.quittance.ingest.webhook;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.journal.Journal;
import dev.quittance.ingest.journal.JournalEntry;
import dev.quittance.messaging.tracing.LogContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Counts every delivery, notes it in the journal, and writes one line for each.
@Singleton
final class DeliveryLog {

  private static final Logger LOG = Logger.getLogger("dev.quittance.ingest.webhook");

  /// Stands for every endpoint that there isn't, because strangers must not make up metrics.
  private static final String NO_ENDPOINT = "unknown";

  private static final String ORIGIN = CloudEvent.Origin.WEBHOOK.wireName();

  private final Map<String, Meters> meters = new HashMap<>();
  private final Meters strangers;
  private final Journal journal;
  private final Clock clock;

  DeliveryLog(Endpoints endpoints, MeterRegistry registry, Journal journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
    for (Endpoint endpoint : endpoints.all()) {
      meters.put(endpoint.name(), Meters.of(endpoint.name(), registry));
    }
    strangers = Meters.of(NO_ENDPOINT, registry);
  }

  /// @param endpoint the name that was asked for, known or not
  void answered(String endpoint, AnsweredDelivery received, int bytes, long nanos) {
    DeliveryOutcome outcome = received.outcome();
    Meters its = meters.getOrDefault(endpoint, strangers);
    its.count(outcome, nanos);
    journal.add(
        new JournalEntry(
            clock.instant(),
            its.endpoint,
            outcome.word(),
            outcome.status(),
            received.eventId().orElse(null),
            received.type().orElse(null),
            ORIGIN,
            bytes,
            nanos / 1e6));
    Logger.Level level = level(outcome);
    if (LOG.isEnabled(level)) {
      try (var _ =
          LogContext.of(received.eventId().orElse(null), received.traceparent().orElse(null))) {
        LOG.logf(
            level,
            "webhook.received endpoint=%s eventId=%s type=%s outcome=%s bytes=%d duration_ms=%.1f",
            its.endpoint,
            received.eventId().orElse("-"),
            received.type().orElse("-"),
            outcome.word(),
            bytes,
            nanos / 1e6);
      }
    }
  }

  /// What is well, and what any stranger can cause, must not fill the log: everything that happens
  /// before a signature was found right. The journal and the counters have it.
  private static Logger.Level level(DeliveryOutcome outcome) {
    return switch (outcome) {
      case ACCEPTED,
          UNKNOWN_ENDPOINT,
          METHOD_NOT_ALLOWED,
          SIGNATURE_MISSING,
          SIGNATURE_MALFORMED,
          SIGNATURE_STALE,
          SIGNATURE_EARLY,
          SIGNATURE_WRONG,
          BODY_TOO_SLOW,
          BODY_TOO_LARGE,
          HEADERS_TOO_LARGE,
          OVERLOADED,
          NO_KEY_YET ->
          Logger.Level.DEBUG;
      case DECLINED, OVERFLOW, NO_ACK, REFUSED -> Logger.Level.INFO;
      case DEFECT -> Logger.Level.ERROR;
    };
  }

  /// One endpoint's meters. All outcomes are there from the start, so that none is missing from a
  /// dashboard until it happens.
  private record Meters(String endpoint, Map<DeliveryOutcome, Counter> counters, Timer answers) {

    static Meters of(String endpoint, MeterRegistry registry) {
      var counters = new EnumMap<DeliveryOutcome, Counter>(DeliveryOutcome.class);
      for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
        counters.put(
            outcome,
            Counter.builder("quittance.webhooks.received")
                .description("Deliveries by what became of them")
                .tag("endpoint", endpoint)
                .tag("outcome", outcome.word())
                .register(registry));
      }
      Timer answers =
          Timer.builder("quittance.webhooks.answer")
              .description("From a delivery's headers to its answer, accepted deliveries only")
              .tag("endpoint", endpoint)
              .serviceLevelObjectives(
                  Duration.ofMillis(5),
                  Duration.ofMillis(20),
                  Duration.ofMillis(100),
                  Duration.ofMillis(500),
                  Duration.ofSeconds(5))
              .register(registry);
      return new Meters(endpoint, counters, answers);
    }

    void count(DeliveryOutcome outcome, long nanos) {
      Counter counter = counters.get(outcome);
      if (counter != null) {
        counter.increment();
      }
      if (outcome == DeliveryOutcome.ACCEPTED) {
        answers.record(nanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
