package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One Stripe event: its envelope, the object that it is about, and how it came to us.
///
/// @param type for example `checkout.session.completed`, also for a thin event, which says
///   `v1.checkout.session.completed`
/// @param object the `data.object`; a thin event has none until it is fetched
/// @param fetched whether the object is Stripe's answer to our question, and no better one can be
///   had
/// @param ours whether Stripe was asked whose payment it is, and it is the endpoint's
record StripeEvent(
    Fields envelope,
    String type,
    Fields object,
    boolean fetched,
    boolean ours,
    Webhook webhook,
    Endpoint endpoint) {

  private static final String THIN = "v2.core.event";
  private static final String THIN_TYPE_PREFIX = "v1.";

  /// Versions are named by their day, so that texts compare as they do.
  private static final String RELEASES_UNCOUNTED_SINCE = "2025-03-31";

  /// The objects that a thin event may ask us to fetch.
  private static final Pattern FETCHABLE = StripeEventType.About.paths();

  /// Reads a body, if it is an event: a JSON object with a type.
  static Optional<StripeEvent> read(Webhook webhook, Endpoint endpoint) {
    return Fields.parse(webhook.body())
        .flatMap(envelope ->
            Optional.ofNullable(envelope.text("type"))
                .map(type -> read(envelope, type, webhook, endpoint)));
  }

  private static StripeEvent read(
      Fields envelope, String type, Webhook webhook, Endpoint endpoint) {
    String plain =
        THIN.equals(envelope.text("object")) && type.startsWith(THIN_TYPE_PREFIX)
            ? type.substring(THIN_TYPE_PREFIX.length())
            : type;
    return new StripeEvent(
        envelope, plain, envelope.child("data").child("object"), false, false, webhook, endpoint);
  }

  /// Which of the types that concern a payment it is of; only for those that are.
  StripeEventType known() {
    return StripeEventType.named(type).orElseThrow();
  }

  boolean is(StripeEventType known) {
    return type.equals(known.stripesName());
  }

  /// Whether the object has still to be fetched.
  boolean thin() {
    return isThin() && object.absent();
  }

  /// The path of the object that a thin event is about, if it is one that we know.
  Optional<String> relatedPath() {
    return Optional.ofNullable(envelope.child("related_object").text("url"))
        .filter(url -> FETCHABLE.matcher(url).matches());
  }

  /// The path of the event's object in Stripe's API, if it is one that can be asked for.
  Optional<String> objectPath() {
    return StripeEventType.About.path(object.text("object"), object.text("id"))
        .filter(path -> FETCHABLE.matcher(path).matches());
  }

  /// This event with its object fetched.
  StripeEvent with(Fields fetched) {
    return new StripeEvent(envelope, type, fetched, true, ours, webhook, endpoint);
  }

  /// This event, of which Stripe says that its payment is the endpoint's.
  StripeEvent asOurs() {
    return new StripeEvent(envelope, type, object, fetched, true, webhook, endpoint);
  }

  /// Whose payment it is about, as far as its object says: where several share an account, each
  /// endpoint takes its own.
  PaymentFilter.Answer owner() {
    return ours || thin()
        ? PaymentFilter.Answer.OURS
        : PaymentFilter.of(endpoint).judge(object.map("metadata"));
  }

  /// Whether Stripe has to be asked whose payment it is before anything is said of it.
  boolean ownerUnsaid() {
    return owner() == PaymentFilter.Answer.UNSAID;
  }

  /// Whose it is, where it isn't the account that the endpoint belongs to: Stripe Connect's
  /// `account`, which thin events call `context` (a path whose last part is the account).
  ///
  /// @return empty for our own account; a text that is no account's id for what can't be one
  Optional<String> connectedAccount() {
    if (envelope.has("account")) {
      return Optional.of(envelope.node().path("account").asText());
    }
    String context = isThin() ? envelope.text("context") : null;
    return Optional.ofNullable(context).map(path -> path.substring(path.lastIndexOf('/') + 1));
  }

  private boolean isThin() {
    return THIN.equals(envelope.text("object"));
  }

  /// Whether Stripe can be asked for what the event doesn't say.
  boolean canAsk() {
    return StripeApi.configured(endpoint);
  }

  /// Stripe opened in 2010; whatever claims to be older is no time.
  private static final BigDecimal EARLIEST_SECOND = BigDecimal.valueOf(1_262_304_000L);

  /// The year 2200: beyond it lie milliseconds that were taken for seconds.
  private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(7_258_118_400L);

  /// Whether the version in which it is written still counted as refunded what was authorized and
  /// never captured (until 2025-03-31.basil,
  /// <https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow>).
  /// It decides only where the amounts don't: what counts is the version of whoever captured, and
  /// that nobody tells. One that isn't named is a new one.
  boolean mayCountReleases() {
    String version = envelope.text("api_version");
    return version != null && version.compareTo(RELEASES_UNCOUNTED_SINCE) < 0;
  }

  /// Whether it happened in Stripe's live mode; what doesn't say so didn't.
  boolean livemode() {
    Boolean said = envelope.flag("livemode");
    return said != null ? said : object.is("livemode");
  }

  /// When it happened by Stripe's clock; when it doesn't say, when it came in.
  Instant occurredAt() {
    BigDecimal seconds = envelope.decimal("created");
    String moment = envelope.text("created");
    if (seconds == null && moment != null) {
      try {
        return Instant.parse(moment);
      } catch (DateTimeException e) {
        return webhook.receivedAt();
      }
    }
    return seconds != null
            && seconds.compareTo(EARLIEST_SECOND) >= 0
            && seconds.compareTo(LATEST_SECOND) < 0
        ? Instant.ofEpochSecond(seconds.longValue())
        : webhook.receivedAt();
  }

  /// What an event about a payment says of itself.
  About about(String paymentReference) {
    return webhook.about(
        endpoint,
        paymentReference,
        livemode(),
        occurredAt(),
        type,
        connectedAccount().orElse(null));
  }

  static Translation fact(PaymentEvent event) {
    return new Translation.Facts(List.of(event));
  }

  /// Facts, and a question where Stripe can be asked.
  Translation open(List<PaymentEvent> events) {
    return canAsk() ? new Translation.Open(events) : new Translation.Facts(events);
  }

  /// Whether what happens to a PaymentIntent may concern a subscription, whose order goes by the
  /// session, so that Stripe has to be asked first.
  boolean needsLink() {
    return canAsk() && endpoint.ordersFrom() == Endpoint.OrdersFrom.CHECKOUT;
  }

  /// Facts about a PaymentIntent, or the question whose they are.
  Translation linked(Translation facts) {
    return facts instanceof Translation.Facts && needsLink()
        ? new Translation.Open(List.of())
        : facts;
  }

  /// A payment that only Stripe can name.
  Translation paymentUnknown(String detail) {
    return canAsk()
        ? new Translation.Open(List.of())
        : new Translation.Untranslatable(DeadLetter.Why.PAYMENT_UNKNOWN, detail);
  }

  @Override
  public String toString() {
    return "StripeEvent[" + type + "]";
  }
}
