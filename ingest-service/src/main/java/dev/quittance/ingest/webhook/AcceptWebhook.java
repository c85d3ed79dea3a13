package dev.quittance.ingest.webhook;

import static java.util.concurrent.CompletableFuture.completedStage;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.ProviderEventId;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.TopLevel;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimTopic;
import dev.quittance.messaging.tracing.EventSpan;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Takes one delivery: has its signature verified and its bytes published, in this order, and says
/// what became of it. Reads no more of the body than the event's id and type, calls no one else.
@Singleton
final class AcceptWebhook {

  private final Providers providers;
  private final VerbatimTopic topic;
  private final Clock clock;
  private final boolean traced;

  AcceptWebhook(
      Providers providers,
      VerbatimTopic topic,
      Clock clock,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean untraced) {
    this.providers = providers;
    this.topic = topic;
    this.clock = clock;
    this.traced = !untraced;
  }

  /// @param header the value of a header by its lower-case name; several joined by `,`
  /// @param body whole, and not yet verified
  CompletionStage<AnsweredDelivery> accept(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body) {
    Provider provider = providers.of(endpoint);
    Instant now = clock.instant();
    Verdict verdict = provider.verify(endpoint, header, body, now);
    DeliveryOutcome verified = DeliveryOutcome.of(verdict);
    if (verified != DeliveryOutcome.ACCEPTED) {
      return completedStage(AnsweredDelivery.refused(verified));
    }
    String eventId = eventId(provider, header, body);
    // the type may stand behind the object, so all of the body is walked over
    Optional<String> type = TopLevel.string(body, body.length, provider.typeMember());
    // not before the signature is verified: strangers shall not fill anybody's traces
    EventSpan span = span(endpoint, header.apply(EventSpan.HEADER), eventId);
    String traceparent = TraceParent.of(span.traceparent());
    var webhook =
        new Webhook(
            endpoint.name(),
            eventId,
            body,
            now,
            CloudEvent.Origin.WEBHOOK,
            traceparent,
            verdict instanceof Verdict.Hint);
    boolean declined = provider.declines(endpoint, type);
    return topic
        .publish(webhook, type.orElse(null), providers.patience(endpoint))
        .thenApply(publication -> {
          DeliveryOutcome published = DeliveryOutcome.of(publication);
          DeliveryOutcome outcome =
              published == DeliveryOutcome.ACCEPTED && declined
                  ? DeliveryOutcome.DECLINED
                  : published;
          span.end(outcome.word());
          return new AnsweredDelivery(
              outcome, Optional.of(eventId), type, Optional.of(traceparent));
        });
  }

  private EventSpan span(Endpoint endpoint, @Nullable String given, String eventId) {
    return traced
        ? EventSpan.server("ingest", given)
            .with("quittance.endpoint", endpoint.name())
            .with("quittance.event", eventId)
        : EventSpan.unrecorded(given);
  }

  private static String eventId(
      Provider provider, Function<String, @Nullable String> header, byte[] body) {
    return ProviderEventId.of(provider.eventId(header, body), body);
  }
}
