package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/// One Stripe event: its envelope, the object that it is about, and how it came to us.
///
/// @param type for example `checkout.session.completed`
/// @param object the `data.object`
record StripeEvent(
    Fields envelope, String type, Fields object, Webhook webhook, Endpoint endpoint) {

  /// Stripe opened in 2010; whatever claims to be older is no time.
  private static final BigDecimal EARLIEST_SECOND = BigDecimal.valueOf(1_262_304_000L);

  /// The year 2200: beyond it lie milliseconds that were taken for seconds.
  private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(7_258_118_400L);

  /// Whether it happened in Stripe's live mode; what doesn't say so didn't.
  boolean livemode() {
    Boolean said = envelope.flag("livemode");
    return said != null ? said : object.is("livemode");
  }

  /// When it happened by Stripe's clock; when it doesn't say, when it came in.
  Instant occurredAt() {
    BigDecimal seconds = envelope.decimal("created");
    return seconds != null
            && seconds.compareTo(EARLIEST_SECOND) >= 0
            && seconds.compareTo(LATEST_SECOND) < 0
        ? Instant.ofEpochSecond(seconds.longValue())
        : webhook.receivedAt();
  }

  /// What an event about a payment says of itself.
  About about(String paymentReference) {
    return new About(
        OrderId.of(endpoint.account(), paymentReference),
        endpoint.provider(),
        endpoint.account(),
        endpoint.name(),
        livemode(),
        occurredAt(),
        webhook.eventId(),
        type);
  }

  static Translation fact(PaymentEvent event) {
    return new Translation.Facts(List.of(event));
  }

  static Translation unreadable(String detail) {
    return new Translation.Untranslatable(DeadLetter.Why.UNREADABLE, detail);
  }

  @Override
  public String toString() {
    return "StripeEvent[" + type + "]";
  }
}
