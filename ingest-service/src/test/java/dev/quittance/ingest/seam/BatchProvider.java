package dev.quittance.ingest.seam;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.DeliveredEvent;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.StubProvider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A made-up provider that sends many events in one delivery, doesn't say whether they are live,
/// and waits for a second.
@Singleton
@IfBuildProperty(name = "quittance.test.made-up-providers", stringValue = "true")
public final class BatchProvider implements Provider {

  /// The orders of which the provider can't say anything now.
  static final Set<String> UNTOLD = ConcurrentHashMap.newKeySet();

  /// The types that its translation has learned since.
  static final Set<String> LEARNED = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "batch";
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public boolean tellsMode() {
    return false;
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    String secret = new String(endpoint.secrets().getFirst().bytes(), UTF_8);
    return secret.equals(header.apply("x-secret")) ? new Verdict.Genuine() : new Verdict.Wrong();
  }

  @Override
  public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return Optional.empty();
  }

  @Override
  public List<DeliveredEvent> events(Webhook delivery) {
    Fields body = Fields.parse(delivery.body()).orElse(null);
    if (body == null) {
      return List.of();
    }
    if (body.is("defect")) {
      throw new IllegalStateException("a defect of ours");
    }
    return body.children("events").stream()
        .map(event ->
            new DeliveredEvent(
                event.text("id"), event.text("type"), event.node().toString().getBytes(UTF_8)))
        .toList();
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    Fields event = Fields.parse(webhook.body()).orElse(null);
    String type = event == null ? null : event.text("type");
    if (event == null || (type == null && !event.node().has("events"))) {
      return Translation.unreadable("no event of the provider's");
    }
    return switch (type) {
      case null -> new Translation.Ignored("no_events");
      case "paid" -> new Translation.Facts(List.of(paid(webhook, endpoint, event)));
      case "asked" -> new Translation.Open(List.of());
      case "ignored" -> Translation.unknownType();
      default ->
          LEARNED.contains(type)
              ? new Translation.Facts(List.of(paid(webhook, endpoint, event)))
              : new Translation.Untranslatable(DeadLetter.Why.UNREADABLE, "nobody knows its type");
    };
  }

  @Override
  public Optional<LookUps> lookUps() {
    return Optional.of(
        (StubProvider.Answers)
            (webhook, endpoint, _) -> {
              Fields event = Fields.parse(webhook.body()).orElseThrow();
              return UNTOLD.contains(event.text("order"))
                  ? new LookUpAnswer.NotNow("untold", null)
                  : new LookUpAnswer.Final(
                      new Translation.Facts(List.of(paid(webhook, endpoint, event))));
            });
  }

  @Override
  public ApiAccess apiAccess(Endpoint endpoint) {
    return ApiAccess.KEY;
  }

  @Override
  public Sample sample(Endpoint endpoint, String nonce, Instant now) {
    return new Sample(Map.of(), new byte[0]);
  }

  private static PaymentEvent paid(Webhook webhook, Endpoint endpoint, Fields event) {
    return new PaymentEvent.Succeeded(
        webhook.about(
            endpoint,
            String.valueOf(event.text("order")),
            endpoint.livemode(),
            webhook.receivedAt(),
            String.valueOf(event.text("type"))),
        PaymentDetails.of(PaymentDetails.Origin.CHECKOUT, true, Money.ofMinor(1_900, "EUR")));
  }
}
