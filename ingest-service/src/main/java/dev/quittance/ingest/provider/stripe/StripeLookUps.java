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
import org.jspecify.annotations.Nullable;

/// Asks Stripe for what its events leave open: line items, the payment of a refund or dispute, the
/// single refunds of a charge, and the object of a thin event.
final class StripeLookUps {

  private final Map<Map<String, String>, StripeApi> apis = new ConcurrentHashMap<>();

  /// The API of an endpoint, kept because a client keeps its connections.
  StripeApi api(Endpoint endpoint) {
    return apis.computeIfAbsent(endpoint.settings(), _ -> StripeApi.of(endpoint));
  }

  Answer answer(Webhook webhook, Endpoint endpoint) {
    StripeEvent event = StripeEvent.read(webhook, endpoint).orElse(null);
    if (event == null || !event.canAsk()) {
      return new Answer.Final(giveUp(webhook, endpoint));
    }
    try {
      return new Answer.Final(ask(event, api(endpoint)));
    } catch (Refused e) {
      return new Answer.Final(giveUp(webhook, endpoint));
    } catch (Unavailable e) {
      return new Answer.NotNow(e.why());
    }
  }

  Translation giveUp(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .map(StripeLookUps::giveUp)
        .orElseGet(() -> StripeEvent.unreadable("the body is no event"));
  }

  private static Translation giveUp(StripeEvent event) {
    if (event.thin()) {
      return unknown("the thin event's object can't be had from the provider");
    }
    return switch (Family.of(event.type())) {
      case SESSION ->
          StripeTranslator.guarded(() ->
              StripeEvent.fact(
                  new PaymentEvent.ItemsKnown(
                      sessionAbout(event), ItemsState.UNKNOWN, List.of(), null)));
      case REFUND, DISPUTE -> unknown("the provider doesn't tell which payment it belongs to");
      case CHARGE -> new Translation.Ignored("refunds_untold");
    };
  }

  private static Translation ask(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    if (!event.thin()) {
      return StripeLookUps.rest(event, api);
    }
    String path = event.relatedPath().orElse(null);
    if (path == null) {
      return StripeEvent.unreadable("the thin event doesn't name its object");
    }
    StripeEvent fetched = event.with(api.get(path));
    Translation now = StripeTranslator.translate(fetched);
    return now instanceof Translation.Open(var events)
        ? joined(events, restOrNothing(fetched, api))
        : now;
  }

  /// The object itself is there: what is refused from here on costs only itself.
  private static Translation restOrNothing(StripeEvent fetched, StripeApi api) throws Unavailable {
    try {
      return rest(fetched, api);
    } catch (Refused e) {
      return giveUp(fetched);
    }
  }

  private static Translation joined(List<PaymentEvent> events, Translation rest) {
    if (!(rest instanceof Translation.Facts(var more))) {
      return events.isEmpty() ? rest : new Translation.Facts(events);
    }
    var all = new ArrayList<>(events);
    all.addAll(more);
    return new Translation.Facts(all);
  }

  private static Translation rest(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    return switch (Family.of(event.type())) {
      case SESSION -> lineItems(event, api);
      case CHARGE -> refunds(event, api);
      case REFUND -> {
        String payment = paymentOfCharge(event.object(), api);
        yield StripeTranslator.guarded(() -> Refunds.translate(event, payment));
      }
      case DISPUTE -> {
        String payment = paymentOfCharge(event.object(), api);
        yield StripeTranslator.guarded(() -> Disputes.translate(event, payment));
      }
    };
  }

  private static Translation lineItems(StripeEvent event, StripeApi api)
      throws Refused, Unavailable {
    String session = event.object().text("id");
    List<Fields> items =
        api.list("/v1/checkout/sessions/" + segment(session) + "/line_items", Map.of());
    return StripeTranslator.guarded(() ->
        StripeEvent.fact(
            new PaymentEvent.ItemsKnown(
                sessionAbout(event), ItemsState.KNOWN, LineItems.read(items), null)));
  }

  private static About sessionAbout(StripeEvent event) {
    Fields session = event.object();
    String id = Objects.requireNonNullElse(session.text("id"), "");
    return event.about(CheckoutSessions.payment(session, id));
  }

  private static Translation refunds(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    String charge = event.object().text("id");
    List<Fields> refunds = api.list("/v1/refunds", Map.of("charge", segment(charge)));
    String intent = event.object().id("payment_intent");
    return StripeTranslator.guarded(() -> {
      About about = event.about(intent != null ? intent : segmentOrEmpty(charge));
      List<PaymentEvent> events =
          refunds.stream()
              .map(refund -> Refunds.read(refund, about))
              .filter(Objects::nonNull)
              .toList();
      return events.isEmpty()
          ? new Translation.Ignored("no_refunds")
          : new Translation.Facts(events);
    });
  }

  /// A charge that truly has no PaymentIntent is a payment of its own.
  private static String paymentOfCharge(Fields refundOrDispute, StripeApi api)
      throws Refused, Unavailable {
    String charge = segment(refundOrDispute.id("charge"));
    String intent = api.get("/v1/charges/" + charge).id("payment_intent");
    return intent != null ? intent : charge;
  }

  /// An id as it may stand in a path.
  private static String segment(@Nullable String id) throws Refused {
    if (id == null || !id.matches("[A-Za-z0-9_]{1,255}")) {
      throw new Refused("no id to ask for");
    }
    return id;
  }

  private static String segmentOrEmpty(@Nullable String id) {
    return id == null ? "" : id;
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
      if (type.startsWith("checkout.session.")) {
        return SESSION;
      }
      if (type.startsWith("charge.dispute.")) {
        return DISPUTE;
      }
      return type.startsWith("refund.") || type.equals("charge.refund.updated") ? REFUND : CHARGE;
    }
  }
}
