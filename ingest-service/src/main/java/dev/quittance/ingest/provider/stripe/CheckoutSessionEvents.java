package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Totals;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a Checkout Session's events say about its payment. The session knows who bought what, so it
/// carries the order, unless the endpoint's orders come from PaymentIntents.
final class CheckoutSessionEvents {

  private CheckoutSessionEvents() {}

  static Translation translate(StripeEvent event) {
    Fields session = event.object();
    String id = session.text("id");
    if (id == null) {
      return Translation.unreadable("the session has no id");
    }
    if (mode(session).equals("setup")) {
      return new Translation.Ignored("setup_mode");
    }
    if ("open".equals(session.text("status"))) {
      return new Translation.Ignored("open_session");
    }
    boolean carries = carries(event, session);
    if (!carries && mode(session).equals("subscription")) {
      return new Translation.Ignored("orders_from_payment_intents");
    }
    About about = event.about(payment(session, id));
    PaymentDetails details =
        details(session, id, amount(event, session, carries), carries, event.canAsk());
    return switch (event.known()) {
      case CHECKOUT_SESSION_COMPLETED ->
          event.open(
              List.of(
                  paid(session)
                      ? new PaymentEvent.Succeeded(about, details)
                      : new PaymentEvent.Pending(about, details)));
      case CHECKOUT_SESSION_ASYNC_PAYMENT_SUCCEEDED ->
          event.open(List.of(new PaymentEvent.Succeeded(about, details)));
      case CHECKOUT_SESSION_ASYNC_PAYMENT_FAILED ->
          StripeEvent.fact(
              new PaymentEvent.Failed(about, details, Reason.of("async_payment_failed")));
      default ->
          StripeEvent.fact(new PaymentEvent.Canceled(about, details, Reason.of("session_expired")));
    };
  }

  /// Where PaymentIntents say who bought what, a session says it only when there is none: when
  /// nothing was to pay. Else a subscription's first payment would be two orders.
  private static boolean carries(StripeEvent event, Fields session) {
    return event.endpoint().ordersFrom() == Endpoint.OrdersFrom.CHECKOUT || free(session);
  }

  /// What a session's payment goes by. A subscription's payments have PaymentIntents of their own,
  /// one per period.
  static String payment(Fields session, String id) {
    String intent = mode(session).equals("subscription") ? null : session.id("payment_intent");
    return intent != null ? intent : id;
  }

  /// Only a session that says so is paid: what a future version calls otherwise must not ship.
  private static boolean paid(Fields session) {
    return "paid".equals(session.text("payment_status")) || free(session);
  }

  /// Nothing is to pay now, which Stripe tells to fulfill like what is paid
  /// ([guide](https://docs.stripe.com/checkout/fulfillment)).
  private static boolean free(Fields session) {
    return "no_payment_required".equals(session.text("payment_status"));
  }

  /// Where nothing was to pay and the session comes to something all the same, it was put off to a
  /// later day, or is covered otherwise
  /// ([API](https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_status)):
  /// nothing came in by it.
  private static @Nullable Money received(Fields session, @Nullable Money total) {
    return free(session) && total != null && total.isPositive()
        ? Money.zero(total.currency())
        : null;
  }

  /// A session that is paid says how much, or nobody may ship for it. One that isn't paid yet, or
  /// only adds to its PaymentIntent's order, may leave it to what follows.
  private static @Nullable Money amount(StripeEvent event, Fields session, boolean carries) {
    boolean ships =
        carries
            && switch (event.known()) {
              case CHECKOUT_SESSION_COMPLETED -> paid(session);
              case CHECKOUT_SESSION_ASYNC_PAYMENT_SUCCEEDED -> true;
              default -> false;
            };
    return ships
        ? StripeMoney.required(StripeMoney.read(session, "amount_total", "currency"))
        : StripeMoney.readAside(session, "amount_total", "currency");
  }

  /// Sessions of 2019 don't say their mode, but which object they made.
  private static String mode(Fields session) {
    String mode = session.text("mode");
    if (mode != null) {
      return mode;
    }
    return session.has("setup_intent")
        ? "setup"
        : session.has("subscription") ? "subscription" : "payment";
  }

  private static PaymentDetails details(
      Fields session, String id, @Nullable Money total, boolean carries, boolean itemsFollow) {
    return new PaymentDetails(
        PaymentDetails.Origin.CHECKOUT,
        carries,
        total,
        StripeParties.presented(session),
        received(session, total),
        null,
        itemsFollow ? ItemsState.PENDING : ItemsState.UNKNOWN,
        List.of(),
        totals(session, total),
        customer(session),
        id,
        session.text("client_reference_id"),
        null,
        locale(session),
        null,
        StripeParties.onlyMethod(session),
        session.map("metadata"));
  }

  private static @Nullable String locale(Fields session) {
    String locale = session.text("locale");
    return "auto".equals(locale) ? null : locale;
  }

  private static @Nullable Totals totals(Fields session, @Nullable Money total) {
    Fields parts = session.child("total_details");
    Money subtotal = part(session, "amount_subtotal", session);
    Money discount = part(parts, "amount_discount", session);
    Money tax = part(parts, "amount_tax", session);
    Money shipping =
        parts.has("amount_shipping")
            ? part(parts, "amount_shipping", session)
            : part(session.child("shipping_cost"), "amount_subtotal", session);
    if (subtotal == null && discount == null && tax == null && shipping == null) {
      return null;
    }
    return new Totals(
        subtotal,
        discount,
        shipping,
        tax,
        taxIncluded(total, subtotal, discount, shipping, tax),
        taxes(parts, session));
  }

  private static @Nullable Money part(Fields holder, String name, Fields session) {
    return StripeMoney.readAside(holder, name, session, "currency");
  }

  /// The session doesn't say whether its prices contain the tax, but its sum does.
  private static boolean taxIncluded(
      @Nullable Money total,
      @Nullable Money subtotal,
      @Nullable Money discount,
      @Nullable Money shipping,
      @Nullable Money tax) {
    if (total == null || subtotal == null || tax == null || !tax.isPositive()) {
      return false;
    }
    BigDecimal withoutTax = subtotal.major().subtract(major(discount)).add(major(shipping));
    return withoutTax.compareTo(total.major()) == 0;
  }

  private static BigDecimal major(@Nullable Money money) {
    return money == null ? BigDecimal.ZERO : money.major();
  }

  private static List<Totals.TaxLine> taxes(Fields parts, Fields session) {
    var taxes = new ArrayList<Totals.TaxLine>();
    for (Fields tax : parts.child("breakdown").children("taxes")) {
      Money amount = part(tax, "amount", session);
      Fields rate = tax.child("rate");
      BigDecimal percent = rate.decimal("percentage");
      if (amount != null) {
        taxes.add(
            new Totals.TaxLine(
                rate.text("display_name"),
                percent == null ? null : percent.stripTrailingZeros().toPlainString(),
                amount));
      }
    }
    return taxes;
  }

  private static Customer customer(Fields session) {
    Fields details = session.child("customer_details");
    String email = details.text("email");
    return new Customer(
        email != null ? email : session.text("customer_email"),
        Fields.first(
            details.text("name"), details.text("individual_name"), details.text("business_name")),
        details.text("phone"),
        StripeParties.address(details.child("address")),
        StripeParties.shipping(
            session.child("collected_information").child("shipping_details"),
            session.child("shipping_details"),
            session.child("shipping")),
        null,
        details.children("tax_ids").stream()
            .map(taxId -> taxId.text("value"))
            .filter(value -> value != null)
            .findFirst()
            .orElse(null));
  }
}
