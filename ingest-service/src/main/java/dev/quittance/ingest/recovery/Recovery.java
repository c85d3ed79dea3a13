package dev.quittance.ingest.recovery;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.MissedEvents.Unavailable;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.Publication;
import dev.quittance.ingest.recovery.Sweep.OfEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sweeps up what the providers couldn't deliver. It keeps no state: an event that was recovered
/// before, or delivered in the meantime, is the same event to everybody downstream.
final class Recovery {

  /// Four pages of 100 a second: far below what Stripe allows, and what the edge takes in passing.
  static final Duration PAGE_PAUSE = Duration.ofMillis(250);

  /// 100,000 events: more than a month of failures of a shop that would have noticed.
  static final int PAGES_MAX = 1_000;

  private static final Logger LOG = Logger.getLogger(Recovery.class);

  private final Supplier<Collection<Endpoint>> endpoints;
  private final Function<String, Optional<Provider>> providers;
  private final Function<Webhook, CompletionStage<Publication>> publish;
  private final Duration pagePause;
  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<String, AtomicLong> oldestAges = new ConcurrentHashMap<>();

  Recovery(
      Supplier<Collection<Endpoint>> endpoints,
      Function<String, Optional<Provider>> providers,
      Function<Webhook, CompletionStage<Publication>> publish,
      Duration pagePause,
      MeterRegistry registry,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.publish = publish;
    this.pagePause = pagePause;
    this.registry = registry;
    this.clock = clock;
  }

  /// Asks every provider that can tell.
  ///
  /// @param age how far back, at most as far as the provider remembers
  /// @throws InterruptedException when the service stops
  Sweep sweep(Duration age) throws InterruptedException {
    var swept = new ArrayList<OfEndpoint>();
    for (Endpoint endpoint : endpoints.get()) {
      Optional<MissedEvents> missed =
          providers.apply(endpoint.provider()).flatMap(provider -> provider.missedEvents(endpoint));
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
    tell(swept);
    return swept;
  }

  private long publish(List<Webhook> events) throws InterruptedException {
    List<CompletionStage<Publication>> publications = events.stream().map(publish).toList();
    long safe = 0;
    for (CompletionStage<Publication> publication : publications) {
      try {
        if (publication.toCompletableFuture().get() instanceof Publication.Safe) {
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

  private void tell(OfEndpoint swept) {
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
