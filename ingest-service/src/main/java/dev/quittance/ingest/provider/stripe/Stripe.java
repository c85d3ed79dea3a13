package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Answer;
import dev.quittance.ingest.provider.Checkouts;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stripe.
@Singleton
public final class Stripe implements Provider {

  /// 2: sessions carry nothing beside PaymentIntents that do; refunds and disputes of subscriptions
  /// go to their session's order. 3: what was only released isn't refunded; what was received
  /// stands beside what was agreed.
  private static final int REVISION = 3;

  private final StripeTranslator translator = new StripeTranslator();
  private final StripeLookUps lookUps = new StripeLookUps();

  @Override
  public String name() {
    return "stripe";
  }

  @Override
  public int revision() {
    return REVISION;
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    return StripeSignature.verify(
        header.apply(StripeSignature.HEADER), body, endpoint.secrets(), now);
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    return translator.translate(webhook, endpoint);
  }

  @Override
  public Set<String> settings() {
    return StripeApi.SETTINGS;
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    return StripeApi.complaint(endpoint);
  }

  @Override
  public List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint) {
    return lookUps.meanwhile(webhook, endpoint);
  }

  @Override
  public Answer answer(Webhook webhook, Endpoint endpoint) {
    return lookUps.answer(webhook, endpoint);
  }

  @Override
  public Translation giveUp(Webhook webhook, Endpoint endpoint) {
    return lookUps.giveUp(webhook, endpoint);
  }

  @Override
  public Optional<MissedEvents> missedEvents(Endpoint endpoint) {
    return StripeApi.configured(endpoint)
        ? Optional.of(new StripeMissedEvents(lookUps.api(endpoint), endpoint))
        : Optional.empty();
  }

  @Override
  public Optional<Refunds> refunds(Endpoint endpoint) {
    return StripeApi.configured(endpoint)
        ? Optional.of(new StripeRefunds(lookUps.api(endpoint)))
        : Optional.empty();
  }

  @Override
  public ApiAccess apiAccess(Endpoint endpoint) {
    return StripeApi.configured(endpoint) ? ApiAccess.KEY : ApiAccess.NO_KEY;
  }

  @Override
  public Sample sample(Endpoint endpoint, String nonce, Instant now) {
    byte[] body =
        """
        {
          "id": "evt_quittance_test_%s",
          "object": "event",
          "api_version": "2026-07-29.dahlia",
          "created": %d,
          "livemode": false,
          "type": "%s",
          "data": {"object": {"id": "test_%s", "object": "test"}}
        }\
        """
            .formatted(nonce, now.getEpochSecond(), Sample.TYPE, nonce)
            .getBytes(UTF_8);
    return new Sample(
        Map.of(
            "content-type",
            "application/json; charset=utf-8",
            StripeSignature.HEADER,
            StripeSignature.sign(body, endpoint.secrets().getFirst(), now)),
        body);
  }

  @Override
  public Optional<Checkouts> checkouts(Endpoint endpoint) {
    return StripeApi.configured(endpoint)
        ? Optional.of(new StripeCheckouts(lookUps.api(endpoint), endpoint))
        : Optional.empty();
  }
}
