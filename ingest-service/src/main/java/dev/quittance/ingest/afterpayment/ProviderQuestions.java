package dev.quittance.ingest.afterpayment;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Checkouts;
import dev.quittance.ingest.provider.Checkouts.Report;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.Publication;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Asks the providers about a checkout whose order isn't known yet, and publishes what they say
/// like a webhook. Never waits: the page's next look finds the order.
final class ProviderQuestions implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ProviderQuestions.class);

  private final Supplier<Collection<Endpoint>> endpoints;
  private final Providers providers;
  private final Function<Webhook, CompletionStage<Publication>> publish;
  private final AskingLimits limits;
  private final MeterRegistry registry;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ProviderQuestions(
      Supplier<Collection<Endpoint>> endpoints,
      Providers providers,
      Function<Webhook, CompletionStage<Publication>> publish,
      AskingLimits limits,
      MeterRegistry registry,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.publish = publish;
    this.limits = limits;
    this.registry = registry;
    this.clock = clock;
  }

  /// Has whoever may know the checkout asked, within the limits.
  void ask(SessionId session) {
    List<Checkouts> askable =
        endpoints.get().stream()
            .flatMap(endpoint ->
                providers
                    .of(endpoint)
                    .checkouts(endpoint)
                    .filter(checkouts -> checkouts.mayBe(session.value()))
                    .stream())
            .toList();
    if (askable.isEmpty()) {
      return;
    }
    if (limits.admit(session, clock.instant())) {
      threads.execute(() -> count(asked(session, askable)));
    } else {
      count("limited");
    }
  }

  /// The first endpoint whose provider knows it tells; accounts don't share checkouts.
  private String asked(SessionId session, List<Checkouts> askable) {
    String outcome = "unknown";
    for (Checkouts checkouts : askable) {
      switch (checkouts.report(session.value(), clock.instant())) {
        case Report.Decided(var event) -> {
          return published(event);
        }
        case Report.Open() -> {
          return "open";
        }
        case Report.NotNow(var why) -> {
          LOG.debugf("returns.unasked why=%s", why);
          outcome = "not_now";
        }
        case Report.Unknown() -> {
          // the next may know it
        }
      }
    }
    return outcome;
  }

  private String published(Webhook event) {
    return publish.apply(event).toCompletableFuture().join() instanceof Publication.Safe
        ? "published"
        : "unpublished";
  }

  private void count(String outcome) {
    registry.counter("quittance.returns.questions", "outcome", outcome).increment();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
