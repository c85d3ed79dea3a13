package dev.quittance.ingest.provider.stripe;

import static dev.quittance.ingest.provider.stripe.StripeEventType.CHARGE_REFUNDED;
import static dev.quittance.ingest.provider.stripe.StripeEventType.CHECKOUT_SESSION_COMPLETED;

import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.StripeApi.Refused;
import dev.quittance.ingest.provider.stripe.StripeApi.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks Stripe for what its events leave open: whose payment it is where several share an account,
/// line items, the payment of a refund or dispute, the single refunds of a charge, and the object
/// of a thin event.
final class StripeLookUps implements LookUps {

  private final Map<Map<String, String>, StripeApi> apis = new ConcurrentHashMap<>();

  /// The API of an endpoint, kept because a client keeps its connections.
  StripeApi api(Endpoint endpoint) {
    return apis.computeIfAbsent(endpoint.settings(), _ -> StripeApi.of(endpoint));
  }

  @Override
  public LookUpAnswer answer(
      Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part) {
    StripeEvent event = StripeEvent.read(webhook, endpoint).orElse(null);
    if (event == null || !event.canAsk()) {
      return new LookUpAnswer.Unanswered(giveUp(webhook, endpoint));
    }
    try {
      StripeApi api = api(endpoint).in(event.connectedAccount().orElse(null));
      return ask(event, api, part);
    } catch (Refused e) {
      return e.access() && meansNothingAlone(event)
          ? new LookUpAnswer.NoAccess(e.why())
          : new LookUpAnswer.Unanswered(giveUp(webhook, endpoint));
    } catch (Unavailable e) {
      return new LookUpAnswer.NotNow(e.why(), null);
    }
  }

  /// Whether without an answer nobody knows what it is about.
  private static boolean meansNothingAlone(StripeEvent event) {
    return event.thin()
        || event.ownerUnsaid()
        || StripeTranslator.lacksAmount(event)
        || switch (StripeEventType.about(event.type())) {
          case REFUND, DISPUTE -> RefundEvents.paymentOf(event.object()) == null;
          case SESSION, INTENT, CHARGE -> false;
        };
  }

  /// What a refund or dispute says of its PaymentIntent, whose order is very likely the one;
  /// nothing where it may be another shop's.
  @Override
  public List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .filter(event -> !event.thin() && !event.ownerUnsaid() && event.needsLink())
        .map(event -> StripeTranslator.guarded(() -> byIntent(event)))
        .map(meaning ->
            meaning instanceof Translation.Facts(var events) ? events : List.<PaymentEvent>of())
        .orElse(List.of());
  }

  private static Translation byIntent(StripeEvent event) {
    String intent = RefundEvents.paymentOf(event.object());
    return intent == null ? new Translation.Ignored("no_intent") : facts(event, intent);
  }

  /// What an event about a payment says, once it is known which.
  private static Translation facts(StripeEvent event, String payment) {
    return switch (StripeEventType.about(event.type())) {
      case REFUND -> RefundEvents.translate(event, payment);
      case DISPUTE -> DisputeEvents.translate(event, payment);
      case INTENT, CHARGE ->
          event.is(CHARGE_REFUNDED)
              ? new Translation.Facts(ChargeEvents.refunded(event, event.about(payment)))
              : new Translation.Ignored("nothing_open");
      case SESSION -> new Translation.Ignored("nothing_open");
    };
  }

  @Override
  public Translation giveUp(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .map(StripeLookUps::giveUp)
        .orElseGet(() -> Translation.unreadable("the body is no event"));
  }

  private static Translation giveUp(StripeEvent event) {
    if (event.thin()) {
      return unknown("the provider doesn't tell what the thin event is about");
    }
    if (event.ownerUnsaid()) {
      return unknown("the provider doesn't tell whose payment it is");
    }
    if (StripeTranslator.lacksAmount(event)) {
      return StripeTranslator.translate(event.with(event.object()));
    }
    return switch (StripeEventType.about(event.type())) {
      case SESSION ->
          StripeTranslator.guarded(() ->
              StripeEvent.fact(
                  new PaymentEvent.ItemsKnown(
                      sessionAbout(event), ItemsState.UNKNOWN, List.of(), null)));
      case REFUND, DISPUTE ->
          RefundEvents.paymentOf(event.object()) == null
              ? unknown("the provider doesn't tell which payment it belongs to")
              : StripeTranslator.guarded(() -> byIntent(event));
      case INTENT, CHARGE ->
          event.needsLink() && RefundEvents.paymentOf(event.object()) != null
              ? StripeTranslator.guarded(() -> byIntent(event))
              : new Translation.Ignored("refunds_untold");
    };
  }

  private static LookUpAnswer ask(
      StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    boolean anew = StripeTranslator.lacksAmount(event);
    if (!event.thin() && !anew) {
      return rest(event, api, part);
    }
    String path = (anew ? event.objectPath() : event.relatedPath()).orElse(null);
    if (path == null) {
      return new LookUpAnswer.Final(
          Translation.unreadable("the thin event doesn't name its object"));
    }
    StripeEvent fetched = event.with(api.get(path));
    Translation now = StripeTranslator.translate(fetched);
    if (!(now instanceof Translation.Open(var events))) {
      return new LookUpAnswer.Final(now);
    }
    part.accept(events);
    return completed(
        events, fetched, () -> rest(fetched, api, more -> part.accept(both(events, more))));
  }

  /// What remains to be asked once the object itself is there: what is refused or unanswered from
  /// here on costs only itself.
  private static LookUpAnswer completed(
      List<PaymentEvent> events, StripeEvent fetched, Asking rest) {
    try {
      return switch (rest.ask()) {
        case LookUpAnswer.Final(var more) -> new LookUpAnswer.Final(joined(events, more));
        case LookUpAnswer.Unanswered(var more) -> new LookUpAnswer.Unanswered(joined(events, more));
        case LookUpAnswer.NotNow(var why, var otherwise) ->
            new LookUpAnswer.NotNow(
                why, joined(events, otherwise == null ? giveUp(fetched) : otherwise));
        case LookUpAnswer.NoAccess noAccess -> noAccess;
      };
    } catch (Refused e) {
      return e.access() && fetched.ownerUnsaid()
          ? new LookUpAnswer.NoAccess(e.why())
          : new LookUpAnswer.Unanswered(joined(events, giveUp(fetched)));
    } catch (Unavailable e) {
      return new LookUpAnswer.NotNow(e.why(), joined(events, giveUp(fetched)));
    }
  }

  @FunctionalInterface
  private interface Asking {
    LookUpAnswer ask() throws Refused, Unavailable;
  }

  private static Translation joined(List<PaymentEvent> events, Translation rest) {
    if (!(rest instanceof Translation.Facts(var more))) {
      return events.isEmpty() ? rest : new Translation.Facts(events);
    }
    return new Translation.Facts(both(events, more));
  }

  private static List<PaymentEvent> both(List<PaymentEvent> events, List<PaymentEvent> more) {
    var all = new ArrayList<>(events);
    all.addAll(more);
    return all;
  }

  private static LookUpAnswer rest(
      StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    if (event.ownerUnsaid()) {
      return PaymentOwner.isOurs(event, api)
          ? ours(event.asOurs(), api, part)
          : new LookUpAnswer.Final(new Translation.Ignored(Translation.Ignored.OTHER_METADATA));
    }
    return switch (StripeEventType.about(event.type())) {
      case SESSION -> session(event, api, part);
      case INTENT, CHARGE -> {
        String intent = event.object().id("payment_intent");
        yield intent != null && event.needsLink()
            ? linked(linkOrIntent(intent, api), payment -> allRefunds(event, payment, api, part))
            : new LookUpAnswer.Final(refunds(event, api));
      }
      case REFUND, DISPUTE ->
          linked(
              link(event, api), payment -> StripeTranslator.guarded(() -> facts(event, payment)));
    };
  }

  /// What an event says that wasn't said before, because it might have been another shop's; and
  /// what it leaves open besides.
  private static LookUpAnswer ours(
      StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part) {
    Translation meaning = StripeTranslator.translate(event);
    if (!(meaning instanceof Translation.Open(var events))) {
      return new LookUpAnswer.Final(meaning);
    }
    part.accept(events);
    return completed(
        events, event, () -> rest(event, api, more -> part.accept(both(events, more))));
  }

  /// A charge's refunds are worth asking for also where nobody knows whose order they are of.
  private static PaymentLink linkOrIntent(String intent, StripeApi api) throws Unavailable {
    try {
      return PaymentLink.of(intent, api);
    } catch (Refused e) {
      return new PaymentLink.Guess(intent);
    }
  }

  /// A charge that truly has no PaymentIntent is a payment of its own.
  private static PaymentLink link(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    String named = RefundEvents.paymentOf(event.object());
    String intent = named != null ? named : intentOfCharge(event.object(), api);
    if (intent == null) {
      return new PaymentLink.Order(segment(event.object().id("charge")));
    }
    if (!event.needsLink()) {
      return new PaymentLink.Order(intent);
    }
    // what only the charge says can't be said without asking: it isn't given up for a refusal
    return named == null ? linkOrIntent(intent, api) : PaymentLink.of(intent, api);
  }

  /// What follows once the order is known; may ask on.
  private interface OfPayment {
    Translation translate(String payment) throws Refused, Unavailable;
  }

  private static LookUpAnswer linked(PaymentLink link, OfPayment facts)
      throws Refused, Unavailable {
    return switch (link) {
      case PaymentLink.Order(var payment) -> new LookUpAnswer.Final(facts.translate(payment));
      case PaymentLink.Guess(var payment) -> new LookUpAnswer.Unanswered(facts.translate(payment));
      case PaymentLink.Renewal() -> new LookUpAnswer.Final(new Translation.Ignored("renewal"));
    };
  }

  /// Sessions that don't say whether they are paid (recorded in 2019) are asked for anew: the API
  /// says it also of old ones.
  private static LookUpAnswer session(
      StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    if (!event.is(CHECKOUT_SESSION_COMPLETED) || event.object().has("payment_status")) {
      return new LookUpAnswer.Final(lineItems(event, api));
    }
    String id = segment(event.object().text("id"));
    StripeEvent fetched = event.with(api.get("/v1/checkout/sessions/" + id));
    return switch (StripeTranslator.translate(fetched)) {
      case Translation.Open(var events) -> {
        part.accept(events);
        yield completed(events, fetched, () -> new LookUpAnswer.Final(lineItems(fetched, api)));
      }
      // paid, and nobody can tell how much
      case Translation.Untranslatable unreadable -> new LookUpAnswer.Final(unreadable);
      case Translation.Facts _, Translation.Ignored _ ->
          new LookUpAnswer.Final(lineItems(event, api));
    };
  }

  private static Translation lineItems(StripeEvent event, StripeApi api)
      throws Refused, Unavailable {
    String session = event.object().text("id");
    List<Fields> items =
        api.list("/v1/checkout/sessions/" + segment(session) + "/line_items", Map.of());
    return StripeTranslator.guarded(() ->
        StripeEvent.fact(
            LineItems.read(items)
                .map(lines ->
                    new PaymentEvent.ItemsKnown(sessionAbout(event), ItemsState.KNOWN, lines, null))
                .orElseGet(() ->
                    new PaymentEvent.ItemsKnown(
                        sessionAbout(event), ItemsState.UNKNOWN, List.of(), null))));
  }

  private static About sessionAbout(StripeEvent event) {
    Fields session = event.object();
    String id = Objects.requireNonNullElse(session.text("id"), "");
    return event.about(CheckoutSessionEvents.payment(session, id));
  }

  /// The total, and the single refunds as the event lists them, or the API.
  private static Translation allRefunds(
      StripeEvent event, String payment, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Unavailable {
    Translation total = StripeTranslator.guarded(() -> facts(event, payment));
    if (!(total instanceof Translation.Facts(var events)) || events.size() > 1) {
      return total;
    }
    part.accept(events);
    try {
      return joined(events, refunds(event.about(payment), event, api));
    } catch (Refused e) {
      return total;
    }
  }

  private static Translation refunds(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    String intent = event.object().id("payment_intent");
    String payment = intent != null ? intent : segment(event.object().text("id"));
    return refunds(event.about(payment), event, api);
  }

  private static Translation refunds(About about, StripeEvent event, StripeApi api)
      throws Refused, Unavailable {
    String charge = segment(event.object().text("id"));
    List<Fields> refunds = api.list("/v1/refunds", Map.of("charge", charge));
    return StripeTranslator.guarded(() -> {
      List<PaymentEvent> events =
          refunds.stream()
              .map(refund -> RefundEvents.readAside(refund, about))
              .filter(Objects::nonNull)
              .toList();
      return events.isEmpty()
          ? new Translation.Ignored("no_refunds")
          : new Translation.Facts(events);
    });
  }

  private static @Nullable String intentOfCharge(Fields refundOrDispute, StripeApi api)
      throws Refused, Unavailable {
    String charge = segment(refundOrDispute.id("charge"));
    return api.get("/v1/charges/" + charge).id("payment_intent");
  }

  /// An id as it may stand in a path.
  static String segment(@Nullable String id) throws Refused {
    if (id == null || !id.matches("[A-Za-z0-9_]{1,255}")) {
      throw new Refused("no id to ask for");
    }
    return id;
  }

  private static Translation unknown(String detail) {
    return new Translation.Untranslatable(DeadLetter.Why.PAYMENT_UNKNOWN, detail);
  }
}
