package dev.quittance.ingest.recovery;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.MissedEvents.Unavailable;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.Publication;
import dev.quittance.ingest.publish.VerbatimTopic;
import dev.quittance.ingest.recovery.Sweep.OfEndpoint;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sweeps up what the providers couldn't deliver. It keeps no state: an event that was recovered
/// before, or delivered in the meantime, is the same event to everybody downstream.
@Singleton
final class RecoverMissedEvents {

  /// Four pages of 100 a second: far below what Stripe allows, and what the edge takes besides.
  static final Duration PAGE_PAUSE = Duration.ofMillis(250);

  /// 100,000 events: more than a month of failures of a shop that would have noticed.
  static final int PAGES_MAX = 1_000;

  private static final Logger LOG = Logger.getLogger(RecoverMissedEvents.class);

  private final Supplier<Collection<Endpoint>> endpoints;
  private final Providers providers;
  private final Function<Webhook, CompletionStage<Publication>> publish;
  private final Duration pagePause;
  private final RecoveryMetrics metrics;
  private final Clock clock;

  @Inject
  RecoverMissedEvents(
      Endpoints endpoints,
      Providers providers,
      VerbatimTopic topic,
      RecoveryMetrics metrics,
      Clock clock) {
    this(
        endpoints::all,
        providers,
        webhook -> topic.publish(webhook, null),
        PAGE_PAUSE,
        metrics,
        clock);
  }

  RecoverMissedEvents(
      Supplier<Collection<Endpoint>> endpoints,
      Providers providers,
      Function<Webhook, CompletionStage<Publication>> publish,
      Duration pagePause,
      RecoveryMetrics metrics,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.publish = publish;
    this.pagePause = pagePause;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Asks every provider that can be asked.
  ///
  /// @param age how far back, at most as far as the provider remembers
  /// @throws InterruptedException when the service stops
  Sweep sweep(Duration age) throws InterruptedException {
    var swept = new ArrayList<OfEndpoint>();
    for (Endpoint endpoint : endpoints.get()) {
      Optional<MissedEvents> missed = providers.of(endpoint).missedEvents(endpoint);
      if (missed.isPresent()) {
        swept.add(sweep(endpoint, missed.get(), age));
      }
    }
    return new Sweep("done", swept);
  }

  private OfEndpoint sweep(Endpoint endpoint, MissedEvents missed, Duration age)
      throws InterruptedException {
    Duration reach = age.compareTo(missed.reach()) > 0 ? missed.reach() : age;
    Instant since = clock.instant().minus(reach);
    long found = 0;
    long recovered = 0;
    long oldest = 0;
    String fault = null;
    String cursor = null;
    int pages = 0;
    try {
      do {
        if (pages > 0) {
          Thread.sleep(pagePause);
        }
        MissedEvents.Page page = missed.page(since, cursor, clock.instant());
        found += page.events().size();
        oldest = Math.max(oldest, age(page.occurredAt()));
        long safe = publish(page.events());
        recovered += safe;
        if (safe < page.events().size()) {
          fault = "the brokers don't take them";
        }
        cursor = page.next();
        pages++;
      } while (cursor != null && fault == null && pages < PAGES_MAX);
      if (cursor != null && fault == null) {
        fault = "more than " + PAGES_MAX + " pages; sweep a shorter time";
      }
    } catch (Unavailable e) {
      fault = "the provider doesn't tell: " + e.getMessage();
    }
    var swept = new OfEndpoint(endpoint.name(), found, recovered, oldest, fault);
    metrics.swept(swept);
    return swept;
  }

  /// @return how many are safe
  private long publish(List<Webhook> events) throws InterruptedException {
    List<CompletionStage<Publication>> publications = events.stream().map(publish).toList();
    long safe = 0;
    for (int n = 0; n < events.size(); n++) {
      try {
        if (publications.get(n).toCompletableFuture().get() instanceof Publication.Safe) {
          metrics.recovered(events.get(n));
          safe++;
        }
      } catch (ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        LOG.warnf("recovery.unpublished error=%s", cause.getClass().getName());
      }
    }
    return safe;
  }

  private long age(@Nullable Instant occurredAt) {
    return occurredAt == null
        ? 0
        : Math.max(0, Duration.between(occurredAt, clock.instant()).toSeconds());
  }
}
