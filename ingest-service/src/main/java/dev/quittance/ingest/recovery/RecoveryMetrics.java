package dev.quittance.ingest.recovery;

import dev.quittance.ingest.journal.Journal;
import dev.quittance.ingest.journal.JournalEntry;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.recovery.Sweep.OfEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/// Counts and logs what sweeps find, and notes each recovered event in the journal.
@Singleton
final class RecoveryMetrics {

  private static final Logger LOG = Logger.getLogger(RecoveryMetrics.class);

  private final MeterRegistry registry;
  private final Journal journal;
  private final Clock clock;
  private final Map<String, AtomicLong> oldestAges = new ConcurrentHashMap<>();

  RecoveryMetrics(MeterRegistry registry, Journal journal, Clock clock) {
    this.registry = registry;
    this.journal = journal;
    this.clock = clock;
  }

  void recovered(Webhook webhook) {
    journal.add(
        new JournalEntry(
            clock.instant(),
            webhook.endpoint(),
            "accepted",
            0,
            webhook.eventId(),
            null,
            webhook.origin().wireName(),
            webhook.body().length,
            0));
  }

  void swept(OfEndpoint swept) {
    Tags tags = Tags.of("endpoint", swept.endpoint());
    registry.counter("quittance.recovery.found", tags).increment((double) swept.found());
    registry.counter("quittance.recovery.recovered", tags).increment((double) swept.recovered());
    registry
        .counter(
            "quittance.recovery.sweeps",
            tags.and("outcome", swept.fault() == null ? "complete" : "incomplete"))
        .increment();
    oldestAges
        .computeIfAbsent(
            swept.endpoint(),
            _ -> registry.gauge("quittance.recovery.oldest.age.seconds", tags, new AtomicLong()))
        .set(swept.oldestAgeSeconds());
    LOG.infof(
        "recovery.swept endpoint=%s found=%d recovered=%d oldest_age_s=%d fault=%s",
        swept.endpoint(),
        swept.found(),
        swept.recovered(),
        swept.oldestAgeSeconds(),
        swept.fault());
  }
}
