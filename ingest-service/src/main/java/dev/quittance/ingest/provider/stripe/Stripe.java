package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Checkouts;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.TopLevel;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Stripe.
@Singleton
public final class Stripe implements Provider {

  /// 2: sessions carry nothing beside PaymentIntents that do; refunds and disputes of subscriptions
  /// go to their session's order.
  ///
  /// 3: nothing is paid whose amount isn't known, and none is negative; a line that can't be read
  /// makes all lines unknown; connected accounts' events aren't ours; what was only released isn't
  /// refunded; what was received stands beside what was agreed.
  ///
  /// 4: since 2025-03-31.basil what was only released isn't counted as refunded.
  ///
  /// 5: by what needs no payment nothing comes in; a delayed method's failure is final; a dispute
  /// that was prevented by giving the money back is lost.
  ///
  /// 6: a success names its attempt, and a charge that was booked back is a payment that bounced.
  private static final int REVISION = 6;

  /// `2026-07-29.dahlia` has 17 characters.
  private static final int VERSION_LENGTH_MAX = 64;

  private static final Set<String> SETTINGS =
      Stream.concat(
              StripeApi.SETTINGS.stream(), Stream.of(ConnectedAccounts.NAME, PaymentFilter.NAME))
          .collect(Collectors.toUnmodifiableSet());

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

  /// The body's own: Stripe's headers have none.
  @Override
  public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return TopLevel.id(body);
  }

  /// One event reads differently in another API version, for example while a shop moves from one to
  /// the other with two endpoints at Stripe and one here. What was asked for by the return page is
  /// no event of Stripe's: its session may have been asked for twice and have changed between.
  @Override
  public Optional<String> bodyFormat(Webhook webhook) {
    return webhook.eventId().startsWith(StripeCheckouts.ID_PREFIX)
        ? Optional.empty()
        : Optional.of(
            TopLevel.string(webhook.body(), webhook.body().length, "api_version")
                .filter(version -> version.length() <= VERSION_LENGTH_MAX)
                .filter(version -> version.indexOf(' ') < 0)
                .orElse("none"));
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    return translator.translate(webhook, endpoint);
  }

  @Override
  public Set<String> settings() {
    return SETTINGS;
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    return StripeApi.complaint(endpoint)
        .or(() -> ConnectedAccounts.complaint(endpoint))
        .or(() -> PaymentFilter.complaint(endpoint));
  }

  @Override
  public Optional<LookUps> lookUps() {
    return Optional.of(lookUps);
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
        ? Optional.of(new StripeRefunds(lookUps.api(endpoint), takesConnectedAccounts(endpoint)))
        : Optional.empty();
  }

  @Override
  public Optional<Checkouts> checkouts(Endpoint endpoint) {
    return StripeApi.configured(endpoint)
        ? Optional.of(new StripeCheckouts(lookUps.api(endpoint), endpoint))
        : Optional.empty();
  }

  @Override
  public ApiAccess apiAccess(Endpoint endpoint) {
    return StripeApi.configured(endpoint) ? ApiAccess.KEY : ApiAccess.NO_KEY;
  }

  @Override
  public boolean takesConnectedAccounts(Endpoint endpoint) {
    return ConnectedAccounts.of(endpoint) == ConnectedAccounts.TAKE;
  }

  @Override
  public List<String> takesOnly(Endpoint endpoint) {
    return PaymentFilter.conditions(endpoint);
  }

  @Override
  public List<String> eventsToRegister(Endpoint endpoint) {
    return StripeEventType.toRegister(endpoint);
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
}
