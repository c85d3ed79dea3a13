package dev.quittance.ingest.webhook;

import static java.util.concurrent.CompletableFuture.completedStage;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.TopLevel;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimTopic;
import dev.quittance.tracing.Passage;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Takes one delivery: has its signature verified and its bytes published, in this order, and says
/// what became of it. Reads no more of the body than the event's id and type, calls no one else.
@Singleton
final class WebhookDoor {

  private static final Predicate<String> SOUND_ID =
      Pattern.compile("[!-~]{1," + TopLevel.VALUE_LENGTH_MAX + "}").asMatchPredicate();

  private final Providers providers;
  private final VerbatimTopic topic;
  private final Clock clock;
  private final boolean traced;

  WebhookDoor(
      Providers providers,
      VerbatimTopic topic,
      Clock clock,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean untraced) {
    this.providers = providers;
    this.topic = topic;
    this.clock = clock;
    this.traced = !untraced;
  }

  CompletionStage<Received> receive(Delivery delivery) {
    Endpoint endpoint = delivery.endpoint();
    Provider provider =
        providers
            .named(endpoint.provider())
            .orElseThrow(() -> new IllegalStateException("configured without its provider"));
    Instant now = clock.instant();
    Verdict verdict = provider.verify(endpoint, delivery.header(), delivery.body(), now);
    if (!(verdict instanceof Verdict.Genuine)) {
      return completedStage(Received.refused(Outcome.of(verdict)));
    }
    String eventId = eventId(provider, delivery);
    byte[] body = delivery.body();
    // the type may stand behind the object, so all of the body is walked over
    Optional<String> type = TopLevel.string(body, body.length, provider.typeMember());
    // not before the signature is verified: strangers shall not fill anybody's traces
    Passage passage = passage(delivery, eventId);
    String traceparent = TraceParent.of(passage.traceparent());
    var webhook =
        new Webhook(endpoint.name(), eventId, body, now, CloudEvent.Origin.WEBHOOK, traceparent);
    boolean declined = provider.declines(endpoint, type);
    return topic
        .publish(webhook, type.orElse(null))
        .thenApply(publication -> {
          Outcome published = Outcome.of(publication);
          Outcome outcome =
              published == Outcome.ACCEPTED && declined ? Outcome.DECLINED : published;
          passage.end(outcome.word());
          return new Received(outcome, Optional.of(eventId), type, Optional.of(traceparent));
        });
  }

  private Passage passage(Delivery delivery, String eventId) {
    @Nullable String given = delivery.header().apply(Passage.HEADER);
    return traced
        ? Passage.answering("ingest", given)
            .with("quittance.endpoint", delivery.endpoint().name())
            .with("quittance.event", eventId)
        : Passage.unrecorded(given);
  }

  private static String eventId(Provider provider, Delivery delivery) {
    return provider
        .eventId(delivery.header(), delivery.body())
        .filter(SOUND_ID)
        .orElseGet(() -> "sha256:" + sha256(delivery.body()));
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      // every JDK has it: the platform's specification requires it
      throw new IllegalStateException(e);
    }
  }
}
