package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.stripe.PaymentFilter.Answer;
import dev.quittance.ingest.provider.stripe.StripeApi.Refused;
import dev.quittance.ingest.provider.stripe.StripeApi.Unavailable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks Stripe whose a payment is that an event is about, where the event's own object doesn't say.
///
/// Stripe's objects hardly share metadata: a PaymentIntent's are copied to its charge when it is
/// confirmed, once; a Checkout Session's are copied nowhere, and those of its PaymentIntent are set
/// apart ([Stripe](https://support.stripe.com/questions/how-metadata-works-with-related-objects)).
/// So the payment's objects are asked in turn: the PaymentIntent, its session, and what a
/// subscription's invoice says. A key counts as the first of them has it.
final class PaymentOwner {

  private final PaymentFilter filter;
  private final StripeApi api;
  private final Map<String, String> metadata = new HashMap<>();

  private PaymentOwner(PaymentFilter filter, StripeApi api) {
    this.filter = filter;
    this.api = api;
  }

  /// Whose the event's payment is: what nobody says is ours isn't.
  ///
  /// @throws Refused when Stripe doesn't tell
  /// @throws Unavailable when Stripe can't tell now
  static boolean isOurs(StripeEvent event, StripeApi api) throws Refused, Unavailable {
    var owner = new PaymentOwner(PaymentFilter.of(event.endpoint()), api);
    if (!owner.settledBy(event.object())) {
      owner.ask(event);
    }
    return owner.answer() == Answer.OURS;
  }

  private Answer answer() {
    return filter.judge(metadata);
  }

  /// Whether nobody else has to be asked once an object is known.
  private boolean settledBy(Fields object) {
    object.map("metadata").forEach(metadata::putIfAbsent);
    return answer() != Answer.UNSAID;
  }

  private void ask(StripeEvent event) throws Refused, Unavailable {
    Fields object = event.object();
    switch (StripeEventType.about(event.type())) {
      case SESSION -> ofSession(object);
      case INTENT -> ofSessionOrInvoice(StripeLookUps.segment(object.text("id")));
      case CHARGE -> ofIntent(object.id("payment_intent"));
      case REFUND, DISPUTE -> {
        String intent = RefundEvents.paymentOf(object);
        if (intent != null) {
          ofIntent(intent);
        } else {
          ofCharge(StripeLookUps.segment(object.id("charge")));
        }
      }
    }
  }

  private void ofCharge(String id) throws Refused, Unavailable {
    Fields charge = api.get("/v1/charges/" + id);
    if (!settledBy(charge)) {
      ofIntent(charge.id("payment_intent"));
    }
  }

  /// @param id null for a charge that was made without one, and is a payment of its own
  private void ofIntent(@Nullable String id) throws Refused, Unavailable {
    if (id != null && !settledBy(api.get("/v1/payment_intents/" + StripeLookUps.segment(id)))) {
      ofSessionOrInvoice(id);
    }
  }

  private void ofSessionOrInvoice(String intent) throws Refused, Unavailable {
    Fields session =
        PaymentLink.first(api, "/v1/checkout/sessions", Map.of("payment_intent", intent));
    if (session != null) {
      var _ = settledBy(session);
      return;
    }
    Fields invoice = PaymentLink.invoice(intent, api);
    if (invoice == null || ofSubscription(invoice)) {
      return;
    }
    String subscription = PaymentLink.subscription(invoice);
    Fields first =
        subscription == null
            ? null
            : PaymentLink.first(api, "/v1/checkout/sessions", Map.of("subscription", subscription));
    if (first != null) {
      var _ = settledBy(first);
    }
  }

  private void ofSession(Fields session) throws Refused, Unavailable {
    String intent = session.id("payment_intent");
    String invoice = session.id("invoice");
    boolean settled =
        intent != null
            && settledBy(api.get("/v1/payment_intents/" + StripeLookUps.segment(intent)));
    if (!settled && invoice != null) {
      var _ = ofSubscription(api.get("/v1/invoices/" + StripeLookUps.segment(invoice)));
    }
  }

  /// An invoice keeps its subscription's metadata as they were; below `parent` since 2025-03-31.
  private boolean ofSubscription(Fields invoice) {
    return settledBy(invoice.child("parent").child("subscription_details"))
        || settledBy(invoice.child("subscription_details"));
  }
}
