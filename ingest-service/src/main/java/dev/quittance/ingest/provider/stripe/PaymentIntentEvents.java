package dev.quittance.ingest.provider.stripe;

import static dev.quittance.ingest.provider.stripe.StripeEventType.PAYMENT_INTENT_SUCCEEDED;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a PaymentIntent's events say about the payment. It carries the order only where the
/// endpoint's orders come from PaymentIntents; a PaymentIntent has no line items.
final class PaymentIntentEvents {

  /// Methods that tell late whether they succeeded
  /// ([Stripe](https://docs.stripe.com/payments/payment-methods#payment-notification)).
  private static final Set<String> DELAYED =
      Set.of(
          "acss_debit",
          "au_becs_debit",
          "bacs_debit",
          "boleto",
          "customer_balance",
          "konbini",
          "multibanco",
          "nz_bank_account",
          "oxxo",
          "sepa_debit",
          "sofort",
          "us_bank_account");

  private PaymentIntentEvents() {}

  static Translation translate(StripeEvent event) {
    Fields intent = event.object();
    String id = intent.text("id");
    if (id == null) {
      return Translation.unreadable("the PaymentIntent has no id");
    }
    About about = event.about(id);
    boolean carries = event.endpoint().ordersFrom() == Endpoint.OrdersFrom.PAYMENT_INTENTS;
    PaymentDetails details = details(event, carries, event.is(PAYMENT_INTENT_SUCCEEDED));
    return StripeEvent.fact(
        switch (event.known()) {
          case PAYMENT_INTENT_SUCCEEDED ->
              new PaymentEvent.Succeeded(about, details, attempt(intent));
          case PAYMENT_INTENT_PAYMENT_FAILED ->
              delayed(intent)
                  ? new PaymentEvent.Failed(about, details, declined(intent))
                  : new PaymentEvent.AttemptFailed(about, details, declined(intent));
          case PAYMENT_INTENT_CANCELED ->
              new PaymentEvent.Canceled(about, details, canceled(intent));
          default -> new PaymentEvent.Pending(about, details);
        });
  }

  /// Whether the money was on its way for days before it failed: that ends the waiting, until the
  /// customer pays by other means. A declined card is only one attempt.
  private static boolean delayed(Fields intent) {
    String method = intent.child("last_payment_error").child("payment_method").text("type");
    return method != null && DELAYED.contains(method);
  }

  private static Reason declined(Fields intent) {
    Fields error = intent.child("last_payment_error");
    String code = Fields.first(error.text("decline_code"), error.text("code"));
    return new Reason(code != null ? code : "payment_failed", error.text("message"));
  }

  private static Reason canceled(Fields intent) {
    String code = intent.text("cancellation_reason");
    return Reason.of(code != null ? code : "canceled");
  }

  /// A payment that succeeded has brought something: nothing, where something was agreed, is no
  /// amount that goods can be shipped for.
  private static @Nullable Money received(Fields intent) {
    Money received = StripeMoney.read(intent, "amount_received", "currency");
    Money agreed = StripeMoney.read(intent, "amount", "currency");
    if (received != null && !received.isPositive() && agreed != null && agreed.isPositive()) {
      throw new UnreadableMoney("a payment that succeeded has received nothing");
    }
    return StripeMoney.taken(intent, "amount_received");
  }

  /// What was let go. Whether it was counted as refunded its charge says, it doesn't.
  private static @Nullable Money released(StripeEvent event) {
    Money let = StripeMoney.released(event.object(), "amount_received");
    return let == null || !let.isPositive() || event.mayCountReleases() ? let : null;
  }

  private static PaymentDetails details(StripeEvent event, boolean carries, boolean succeeded) {
    Fields intent = event.object();
    Fields charge = charge(intent);
    return new PaymentDetails(
        PaymentDetails.Origin.PAYMENT,
        carries,
        amount(intent, carries, succeeded),
        StripeParties.presented(intent),
        succeeded ? received(intent) : null,
        succeeded ? released(event) : null,
        carries ? ItemsState.UNKNOWN : ItemsState.PENDING,
        List.of(),
        null,
        customer(intent, charge),
        null,
        null,
        intent.text("description"),
        null,
        null,
        method(intent, charge),
        intent.map("metadata"));
  }

  /// What was agreed; where only what was received is known, that. What says who bought what and
  /// that it is paid says how much, too; the rest may leave it to others.
  private static @Nullable Money amount(Fields intent, boolean carries, boolean succeeded) {
    if (!succeeded) {
      return StripeMoney.readAside(intent, "amount", "currency");
    }
    Money agreed = StripeMoney.read(intent, "amount", "currency");
    Money amount = agreed != null ? agreed : StripeMoney.taken(intent, "amount_received");
    return carries ? StripeMoney.required(amount) : amount;
  }

  /// Since 2022-11-15 `latest_charge`, given in full only on request; before, the list `charges`.
  private static Fields charge(Fields intent) {
    Fields latest = intent.child("latest_charge");
    List<Fields> charges = intent.child("charges").children("data");
    return latest.absent() && !charges.isEmpty() ? charges.getFirst() : latest;
  }

  /// The charge that brought the money.
  private static @Nullable String attempt(Fields intent) {
    String latest = intent.id("latest_charge");
    return latest != null ? latest : charge(intent).text("id");
  }

  private static Customer customer(Fields intent, Fields charge) {
    Customer payer = ChargeEvents.customer(charge);
    String email = intent.text("receipt_email");
    return new Customer(
            email, null, null, null, StripeParties.shipping(intent.child("shipping")), null, null)
        .orElse(payer);
  }

  private static @Nullable PaymentMethod method(Fields intent, Fields charge) {
    PaymentMethod method = StripeParties.method(charge);
    return method != null ? method : StripeParties.onlyMethod(intent);
  }
}
