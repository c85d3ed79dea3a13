package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Answer;
import dev.quittance.ingest.provider.Fields;
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

/// Asks Stripe for what its events leave open: line items, the payment of a refund or dispute, the
/// single refunds of a charge, and the object of a thin event.
final class StripeLookUps {

  private final Map<Map<String, String>, StripeApi> apis = new ConcurrentHashMap<>();

  /// The API of an endpoint, kept because a client keeps its connections.
  StripeApi api(Endpoint endpoint) {
    return apis.computeIfAbsent(endpoint.settings(), _ -> StripeApi.of(endpoint));
  }

  /// @param part told of what is known while more is asked for
  Answer answer(Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part) {
    StripeEvent event = StripeEvent.read(webhook, endpoint).orElse(null);
    if (event == null || !event.canAsk()) {
      return new Answer.Untold(giveUp(webhook, endpoint));
    }
    try {
      StripeApi api = api(endpoint).in(event.connectedAccount().orElse(null));
      return ask(event, api, part);
    } catch (Refused e) {
      return e.access() && meansNothingAlone(event)
          ? new Answer.NoAccess(e.why())
          : new Answer.Untold(giveUp(webhook, endpoint));
    } catch (Unavailable e) {
      return new Answer.NotNow(e.why(), null);
    }
  }

  /// Whether without an answer nobody knows what it is about.
  private static boolean meansNothingAlone(StripeEvent event) {
    return event.thin()
        || StripeTranslator.lacksAmount(event)
        || switch (Family.of(event.type())) {
          case REFUND, DISPUTE -> Refunds.paymentOf(event.object()) == null;
          case SESSION, CHARGE -> false;
        };
  }

  /// What a refund or dispute says of its PaymentIntent, whose order is very likely the one.
  List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .filter(event -> !event.thin() && event.needsLink())
        .map(event -> StripeTranslator.guarded(() -> byIntent(event)))
        .map(told ->
            told instanceof Translation.Facts(var events) ? events : List.<PaymentEvent>of())
        .orElse(List.of());
  }

  private static Translation byIntent(StripeEvent event) {
    String intent = Refunds.paymentOf(event.object());
    return intent == null ? new Translation.Ignored("no_intent") : facts(event, intent);
  }

  /// What an event about a payment says, once it is known which.
  private static Translation facts(StripeEvent event, String payment) {
    return switch (Family.of(event.type())) {
      case REFUND -> Refunds.translate(event, payment);
      case DISPUTE -> Disputes.translate(event, payment);
      case CHARGE ->
          event.type().equals("charge.refunded")
              ? new Translation.Facts(Charges.refunded(event, event.about(payment)))
              : new Translation.Ignored("nothing_open");
      case SESSION -> new Translation.Ignored("nothing_open");
    };
  }

  Translation giveUp(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .map(StripeLookUps::giveUp)
        .orElseGet(() -> StripeEvent.unreadable("the body is no event"));
  }

  private static Translation giveUp(StripeEvent event) {
    if (event.thin()) {
      return unknown("the provider doesn't tell what the thin event is about");
    }
    if (StripeTranslator.lacksAmount(event)) {
      return StripeTranslator.translate(event.with(event.object()));
    }
    return switch (Family.of(event.type())) {
      case SESSION ->
          StripeTranslator.guarded(() ->
              StripeEvent.fact(
                  new PaymentEvent.ItemsKnown(
                      sessionAbout(event), ItemsState.UNKNOWN, List.of(), null)));
      case REFUND, DISPUTE ->
          Refunds.paymentOf(event.object()) == null
              ? unknown("the provider doesn't tell which payment it belongs to")
              : StripeTranslator.guarded(() -> byIntent(event));
      case CHARGE ->
          event.needsLink() && Refunds.paymentOf(event.object()) != null
              ? StripeTranslator.guarded(() -> byIntent(event))
              : new Translation.Ignored("refunds_untold");
    };
  }

  private static Answer ask(StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    boolean anew = StripeTranslator.lacksAmount(event);
    if (!event.thin() && !anew) {
      return rest(event, api, part);
    }
    String path = (anew ? event.objectPath() : event.relatedPath()).orElse(null);
    if (path == null) {
      return new Answer.Final(StripeEvent.unreadable("the thin event doesn't name its object"));
    }
    StripeEvent fetched = event.with(api.get(path));
    Translation now = StripeTranslator.translate(fetched);
    if (!(now instanceof Translation.Open(var events))) {
      return new Answer.Final(now);
    }
    part.accept(events);
    return completed(
        events, fetched, () -> rest(fetched, api, more -> part.accept(both(events, more))));
  }

  /// What remains to be asked once the object itself is there: what is refused or unanswered from
  /// here on costs only itself.
  private static Answer completed(List<PaymentEvent> events, StripeEvent fetched, Asking rest) {
    try {
      return switch (rest.ask()) {
        case Answer.Final(var more) -> new Answer.Final(joined(events, more));
        case Answer.Untold(var more) -> new Answer.Untold(joined(events, more));
        case Answer.NotNow(var why, var untold) ->
            new Answer.NotNow(why, joined(events, untold == null ? giveUp(fetched) : untold));
        case Answer.NoAccess noAccess -> noAccess;
      };
    } catch (Refused e) {
      return new Answer.Untold(joined(events, giveUp(fetched)));
    } catch (Unavailable e) {
      return new Answer.NotNow(e.why(), joined(events, giveUp(fetched)));
    }
  }

  @FunctionalInterface
  private interface Asking {
    Answer ask() throws Refused, Unavailable;
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

  private static Answer rest(StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    return switch (Family.of(event.type())) {
      case SESSION -> session(event, api, part);
      case CHARGE -> {
        String intent = event.object().id("payment_intent");
        yield intent != null && event.needsLink()
            ? linked(linkOrIntent(intent, api), payment -> allRefunds(event, payment, api, part))
            : new Answer.Final(refunds(event, api));
      }
      case REFUND, DISPUTE ->
          linked(
              link(event, api), payment -> StripeTranslator.guarded(() -> facts(event, payment)));
    };
  }

  /// A charge's refunds are worth asking for also where it isn't told whose order they are of.
  private static PaymentLink linkOrIntent(String intent, StripeApi api) throws Unavailable {
    try {
      return PaymentLink.of(intent, api);
    } catch (Refused e) {
      return new PaymentLink.Guess(intent);
    }
  }

  /// A charge that truly has no PaymentIntent is a payment of its own.
  private static PaymentLink link(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    String named = Refunds.paymentOf(event.object());
    String intent = named != null ? named : intentOfCharge(event.object(), api);
    if (intent == null) {
      return new PaymentLink.Order(segment(event.object().id("charge")));
    }
    if (!event.needsLink()) {
      return new PaymentLink.Order(intent);
    }
    // what only the charge told can't be said without asking: it isn't given up for a refusal
    return named == null ? linkOrIntent(intent, api) : PaymentLink.of(intent, api);
  }

  /// What follows once the order is known; may ask on.
  private interface OfPayment {
    Translation translate(String payment) throws Refused, Unavailable;
  }

  private static Answer linked(PaymentLink link, OfPayment facts) throws Refused, Unavailable {
    return switch (link) {
      case PaymentLink.Order(var payment) -> new Answer.Final(facts.translate(payment));
      case PaymentLink.Guess(var payment) -> new Answer.Untold(facts.translate(payment));
      case PaymentLink.Renewal() -> new Answer.Final(new Translation.Ignored("renewal"));
    };
  }

  /// Sessions that don't say whether they are paid (recorded in 2019) are told anew by the API,
  /// which says it also of old ones.
  private static Answer session(StripeEvent event, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Refused, Unavailable {
    if (!event.type().equals("checkout.session.completed")
        || event.object().has("payment_status")) {
      return new Answer.Final(lineItems(event, api));
    }
    String id = segment(event.object().text("id"));
    StripeEvent told = event.with(api.get("/v1/checkout/sessions/" + id));
    return switch (StripeTranslator.translate(told)) {
      case Translation.Open(var events) -> {
        part.accept(events);
        yield completed(events, told, () -> new Answer.Final(lineItems(told, api)));
      }
      // paid, and nobody can tell how much
      case Translation.Untranslatable unreadable -> new Answer.Final(unreadable);
      case Translation.Facts _, Translation.Ignored _ -> new Answer.Final(lineItems(event, api));
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
    return event.about(CheckoutSessions.payment(session, id));
  }

  /// The total, and the single refunds as the event lists them, or the API.
  private static Translation allRefunds(
      StripeEvent event, String payment, StripeApi api, Consumer<List<PaymentEvent>> part)
      throws Unavailable {
    Translation told = StripeTranslator.guarded(() -> facts(event, payment));
    if (!(told instanceof Translation.Facts(var events)) || events.size() > 1) {
      return told;
    }
    part.accept(events);
    try {
      return joined(events, refunds(event.about(payment), event, api));
    } catch (Refused e) {
      return told;
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
              .map(refund -> Refunds.readAside(refund, about))
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

  /// The kinds of events that leave something open.
  private enum Family {
    SESSION,
    CHARGE,
    REFUND,
    DISPUTE;

    static Family of(String type) {
      return StripeEventType.named(type)
          .map(known ->
              switch (known.about()) {
                case SESSION -> SESSION;
                case REFUND -> REFUND;
                case DISPUTE -> DISPUTE;
                case INTENT, CHARGE -> CHARGE;
              })
          .orElse(CHARGE);
    }
  }
}
