package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.stripe.StripeApi.Refused;
import dev.quittance.ingest.provider.stripe.StripeApi.Unavailable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which order a PaymentIntent's refunds and disputes belong to. A payment that a Checkout Session
/// made is an order by its PaymentIntent. A subscription's first payment is an order by its
/// session, which doesn't name the PaymentIntent: only the invoice between them does. Renewals are
/// no orders here.
sealed interface PaymentLink {

  /// It belongs to the order of this payment reference.
  record Order(String payment) implements PaymentLink {}

  /// Stripe doesn't tell; this is the best guess, and a better answer may replace what it makes.
  record Guess(String payment) implements PaymentLink {}

  /// It belongs to a later period of a subscription.
  record Renewal() implements PaymentLink {}

  /// Asks Stripe.
  ///
  /// @throws Refused when Stripe doesn't tell (a restricted key, for example, may not read
  ///   invoices): its PaymentIntent is the best guess then, and another key may learn better
  /// @throws Unavailable when Stripe can't tell now
  static PaymentLink of(String intent, StripeApi api) throws Refused, Unavailable {
    return first(api, "/v1/checkout/sessions", Map.of("payment_intent", intent)) != null
        ? new Order(intent)
        : byInvoice(intent, api);
  }

  /// The invoice that a PaymentIntent pays, if any.
  static @Nullable Fields invoice(String intent, StripeApi api) throws Refused, Unavailable {
    Fields payment =
        first(
            api,
            "/v1/invoice_payments",
            Map.of("payment[type]", "payment_intent", "payment[payment_intent]", intent));
    String id = payment == null ? null : payment.id("invoice");
    return id == null ? null : api.get("/v1/invoices/" + StripeLookUps.segment(id));
  }

  private static PaymentLink byInvoice(String intent, StripeApi api) throws Refused, Unavailable {
    Fields invoice = invoice(intent, api);
    String subscription = invoice == null ? null : subscription(invoice);
    if (invoice == null || subscription == null) {
      return new Order(intent);
    }
    if (!"subscription_create".equals(invoice.text("billing_reason"))) {
      return new Renewal();
    }
    Fields session = first(api, "/v1/checkout/sessions", Map.of("subscription", subscription));
    String sessionId = session == null ? null : session.text("id");
    return new Order(sessionId == null ? intent : sessionId);
  }

  /// The subscription that an invoice is for, if any. Moved below `parent` in 2025-03-31.
  static @Nullable String subscription(Fields invoice) {
    String direct = invoice.id("subscription");
    return direct != null
        ? direct
        : invoice.child("parent").child("subscription_details").id("subscription");
  }

  /// The first of a list, if there is one.
  static @Nullable Fields first(StripeApi api, String path, Map<String, String> filters)
      throws Refused, Unavailable {
    var parameters = new TreeMap<>(filters);
    parameters.put("limit", "1");
    return api.get(path, parameters).children("data").stream().findFirst().orElse(null);
  }
}
