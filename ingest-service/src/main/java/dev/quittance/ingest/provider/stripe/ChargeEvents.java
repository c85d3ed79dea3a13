package dev.quittance.ingest.provider.stripe;

import static dev.quittance.ingest.provider.stripe.StripeEventType.CHARGE_CAPTURED;
import static dev.quittance.ingest.provider.stripe.StripeEventType.CHARGE_REFUNDED;
import static dev.quittance.ingest.provider.stripe.StripeEventType.CHARGE_UPDATED;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Reason;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a charge's events say about the payment. A charge belongs to a PaymentIntent; one made
/// without is a payment of its own.
final class ChargeEvents {

  private ChargeEvents() {}

  static Translation translate(StripeEvent event) {
    Fields charge = event.object();
    String id = charge.text("id");
    if (id == null) {
      return Translation.unreadable("the charge has no id");
    }
    String intent = charge.id("payment_intent");
    About about = event.about(intent != null ? intent : id);
    boolean captured = !Boolean.FALSE.equals(charge.flag("captured"));
    if (event.is(CHARGE_REFUNDED)) {
      if (!captured) {
        return new Translation.Ignored("uncaptured");
      }
      List<PaymentEvent> refunds = refunded(event, about);
      if (intent != null && event.needsLink()) {
        return new Translation.Open(List.of());
      }
      return refunds.size() > 1 ? new Translation.Facts(refunds) : event.open(refunds);
    }
    boolean carries =
        intent == null && event.endpoint().ordersFrom() == Endpoint.OrdersFrom.PAYMENT_INTENTS;
    boolean bouncedLate = wasBookedBack(charge);
    boolean took = charge.is("captured") && "succeeded".equals(charge.text("status"));
    if (event.is(CHARGE_UPDATED) && !took && !bouncedLate) {
      return new Translation.Ignored("uncaptured");
    }
    boolean paid =
        switch (event.known()) {
          // Every capture after the first of several comes as an update.
          case CHARGE_CAPTURED -> true;
          case CHARGE_UPDATED -> took;
          case CHARGE_SUCCEEDED -> captured;
          default -> false;
        };
    PaymentDetails details = details(event, carries, paid);
    PaymentEvent report =
        switch (event.known()) {
          case CHARGE_FAILED -> new PaymentEvent.AttemptFailed(about, details, declined(charge));
          case CHARGE_UPDATED ->
              took
                  ? new PaymentEvent.Succeeded(about, details, id)
                  : new PaymentEvent.AttemptFailed(about, details, declined(charge));
          case CHARGE_EXPIRED ->
              new PaymentEvent.Canceled(about, details, Reason.of("authorization_expired"));
          default ->
              paid
                  ? new PaymentEvent.Succeeded(about, details, id)
                  : new PaymentEvent.Pending(about, details);
        };
    var facts = new ArrayList<PaymentEvent>(List.of(report));
    if (bouncedLate) {
      facts.add(new PaymentEvent.Reversed(about, id, declined(charge)));
    }
    // Where what was let go is counted as refunded, how much really was is worth telling with it.
    if (details.released() != null && details.released().isPositive()) {
      facts.add(total(event, about));
    }
    return new Translation.Facts(facts);
  }

  /// The total first; then the single refunds, where the API version still lists them; else they
  /// are asked for, because each gets a receipt. The fold counts what both tell of only once. A
  /// single refund that can't be read is left to the total.
  ///
  /// @throws dev.quittance.contracts.UnreadableMoney when the charge doesn't say how much
  static List<PaymentEvent> refunded(StripeEvent event, About about) {
    Fields charge = event.object();
    var events = new ArrayList<PaymentEvent>();
    events.add(total(event, about));
    for (Fields refund : charge.child("refunds").children("data")) {
      PaymentEvent single = RefundEvents.readAside(refund, about);
      if (single != null) {
        events.add(single);
      }
    }
    return events;
  }

  /// Older versions of Stripe count what was authorized and never captured as refunded; no money
  /// went back by that. Versions before 2020 don't say what was captured: there the fold corrects
  /// the total, where the PaymentIntent says it. A total that needs no correction says that nothing
  /// was released, so that nobody corrects it.
  private static PaymentEvent total(StripeEvent event, About about) {
    Fields charge = event.object();
    Money refunded = StripeMoney.required(StripeMoney.read(charge, "amount_refunded", "currency"));
    Money released = released(event);
    return new PaymentEvent.RefundTotalUpdated(
        about, released == null ? refunded : refunded.minus(released), released);
  }

  /// What the charge counts as refunded and only let go; null where nobody can tell. Whether it is
  /// in `amount_refunded` at all, the amounts say in most cases: it isn't where less was refunded,
  /// it is where more was than there was to give back, and when the first capture is reported
  /// nothing can have been given back (a charge that was only fetched may have been refunded
  /// since). Else the version that tells it says so if it is an old one; one that is new says
  /// nothing about whoever captured.
  private static @Nullable Money released(StripeEvent event) {
    Fields charge = event.object();
    Money let = StripeMoney.released(charge, "amount_captured");
    Money captured = StripeMoney.taken(charge, "amount_captured");
    Money refunded = StripeMoney.read(charge, "amount_refunded", "currency");
    if (let == null || captured == null) {
      return null;
    }
    if (!let.isPositive() || (refunded != null && refunded.compareTo(let) < 0)) {
      return Money.zero(let.currency());
    }
    if (refunded == null) {
      return null;
    }
    boolean counted =
        refunded.compareTo(captured) > 0
            || event.mayCountReleases()
            || (event.is(CHARGE_CAPTURED) && !event.fetched() && refunded.equals(let));
    return counted ? let : null;
  }

  /// Whether it failed after the money was in the shop's balance, which its own words say:
  /// `failure_balance_transaction` is the one that took it out again
  /// ([Stripe](https://docs.stripe.com/api/charges/object#charge_object-failure_balance_transaction)).
  /// A debit that failed while it was on its way may say so as well: then there is no success that
  /// the fold could take back.
  private static boolean wasBookedBack(Fields charge) {
    return "failed".equals(charge.text("status"))
        && charge.id("failure_balance_transaction") != null;
  }

  private static Reason declined(Fields charge) {
    String code = Fields.first(charge.child("outcome").text("reason"), charge.text("failure_code"));
    return new Reason(code != null ? code : "payment_failed", charge.text("failure_message"));
  }

  /// What was agreed; where only what was taken is known, that. What says who bought what and that
  /// it is paid says how much, too; the rest may leave it to others.
  private static @Nullable Money amount(Fields charge, boolean carries, boolean paid) {
    if (!paid) {
      return StripeMoney.readAside(charge, "amount", "currency");
    }
    Money agreed = StripeMoney.read(charge, "amount", "currency");
    Money amount = agreed != null ? agreed : StripeMoney.taken(charge, "amount_captured");
    return carries ? StripeMoney.required(amount) : amount;
  }

  private static PaymentDetails details(StripeEvent event, boolean carries, boolean paid) {
    Fields charge = event.object();
    return new PaymentDetails(
        PaymentDetails.Origin.CHARGE,
        carries,
        amount(charge, carries, paid),
        StripeParties.presented(charge),
        paid ? StripeMoney.taken(charge, "amount_captured") : null,
        paid ? released(event) : null,
        carries ? ItemsState.UNKNOWN : ItemsState.PENDING,
        List.of(),
        null,
        customer(charge),
        null,
        null,
        charge.text("description"),
        null,
        null,
        StripeParties.method(charge),
        charge.map("metadata"));
  }

  /// Who paid a charge, by its billing details.
  static Customer customer(Fields charge) {
    Fields billing = charge.child("billing_details");
    @Nullable String email = Fields.first(charge.text("receipt_email"), billing.text("email"));
    return new Customer(
        email,
        billing.text("name"),
        billing.text("phone"),
        StripeParties.address(billing.child("address")),
        StripeParties.shipping(charge.child("shipping")),
        null,
        null);
  }
}
