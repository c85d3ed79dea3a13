package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.endpoint.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stripe's events that concern a payment: what each is about, and which of them an endpoint has to
/// be registered for at Stripe. The one list of them: translation, look-ups, the search for missed
/// events and the going-live checklist go by it, and a test holds the guide to it.
enum StripeEventType {
  CHECKOUT_SESSION_COMPLETED("checkout.session.completed", About.SESSION, Register.ALWAYS),
  CHECKOUT_SESSION_ASYNC_PAYMENT_SUCCEEDED(
      "checkout.session.async_payment_succeeded", About.SESSION, Register.ALWAYS),
  CHECKOUT_SESSION_ASYNC_PAYMENT_FAILED(
      "checkout.session.async_payment_failed", About.SESSION, Register.ALWAYS),
  CHECKOUT_SESSION_EXPIRED("checkout.session.expired", About.SESSION, Register.ALWAYS),
  PAYMENT_INTENT_PROCESSING("payment_intent.processing", About.INTENT, Register.WITHOUT_CHECKOUT),
  PAYMENT_INTENT_PARTIALLY_FUNDED(
      "payment_intent.partially_funded", About.INTENT, Register.WITHOUT_CHECKOUT),
  PAYMENT_INTENT_AMOUNT_CAPTURABLE_UPDATED(
      "payment_intent.amount_capturable_updated", About.INTENT, Register.WITHOUT_CHECKOUT),
  PAYMENT_INTENT_REQUIRES_CAPTURE("payment_intent.requires_capture", About.INTENT, Register.NEVER),
  PAYMENT_INTENT_SUCCEEDED("payment_intent.succeeded", About.INTENT, Register.ALWAYS),
  PAYMENT_INTENT_PAYMENT_FAILED(
      "payment_intent.payment_failed", About.INTENT, Register.WITHOUT_CHECKOUT),
  PAYMENT_INTENT_CANCELED("payment_intent.canceled", About.INTENT, Register.ALWAYS),
  CHARGE_PENDING("charge.pending", About.CHARGE, Register.NEVER),
  CHARGE_SUCCEEDED("charge.succeeded", About.CHARGE, Register.WITHOUT_CHECKOUT),
  CHARGE_CAPTURED("charge.captured", About.CHARGE, Register.ALWAYS),
  CHARGE_UPDATED("charge.updated", About.CHARGE, Register.NEVER),
  CHARGE_FAILED("charge.failed", About.CHARGE, Register.NEVER),
  CHARGE_EXPIRED("charge.expired", About.CHARGE, Register.NEVER),
  CHARGE_REFUNDED("charge.refunded", About.CHARGE, Register.ALWAYS),
  REFUND_CREATED("refund.created", About.REFUND, Register.ALWAYS),
  REFUND_UPDATED("refund.updated", About.REFUND, Register.ALWAYS),
  REFUND_FAILED("refund.failed", About.REFUND, Register.ALWAYS),
  CHARGE_REFUND_UPDATED("charge.refund.updated", About.REFUND, Register.ALWAYS),
  CHARGE_DISPUTE_CREATED("charge.dispute.created", About.DISPUTE, Register.ALWAYS),
  CHARGE_DISPUTE_UPDATED("charge.dispute.updated", About.DISPUTE, Register.ALWAYS),
  CHARGE_DISPUTE_CLOSED("charge.dispute.closed", About.DISPUTE, Register.ALWAYS),
  CHARGE_DISPUTE_FUNDS_WITHDRAWN("charge.dispute.funds_withdrawn", About.DISPUTE, Register.ALWAYS),
  CHARGE_DISPUTE_FUNDS_REINSTATED(
      "charge.dispute.funds_reinstated", About.DISPUTE, Register.ALWAYS);

  /// The object in the event.
  enum About {
    SESSION("checkout.session", "checkout/sessions"),
    INTENT("payment_intent", "payment_intents"),
    CHARGE("charge", "charges"),
    REFUND("refund", "refunds"),
    DISPUTE("dispute", "disputes");

    private final String object;
    private final String path;

    About(String object, String path) {
      this.object = object;
      this.path = path;
    }

    /// Where Stripe's API has an object, if it is one of these.
    ///
    /// @param object its `object`
    static Optional<String> path(@Nullable String object, @Nullable String id) {
      return Arrays.stream(values())
          .filter(about -> about.object.equals(object))
          .map(about -> "/v1/" + about.path + "/" + id)
          .findFirst();
    }

    /// What the paths of all objects match, and nothing else.
    static Pattern paths() {
      return Pattern.compile(
          Arrays.stream(values())
              .map(about -> about.path)
              .collect(Collectors.joining("|", "/v1/(", ")/[A-Za-z0-9_]{1,255}")));
    }
  }

  /// Whether Stripe has to send it.
  enum Register {
    /// Without it payments, refunds or disputes go unseen. That a PaymentIntent succeeded, a charge
    /// was captured or an authorization given up is among it because a session that is captured by
    /// hand completes `unpaid`, and never says that the money was taken; `charge.refund.updated`,
    /// because endpoints of versions before 2024-10-28 get no `refund.*` event of a charge's
    /// refund, and hear of one that failed by that alone
    /// ([changelog](https://docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update)).
    ALWAYS,
    /// Only where orders come from PaymentIntents and charges.
    WITHOUT_CHECKOUT,
    /// It says what another one says as well; or, as `charge.updated`, serves a few shops and comes
    /// of every charge.
    NEVER
  }

  private static final Map<String, StripeEventType> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(type -> type.stripesName, Function.identity()));

  private final String stripesName;
  private final About about;
  private final Register register;

  StripeEventType(String stripesName, About about, Register register) {
    this.stripesName = stripesName;
    this.about = about;
    this.register = register;
  }

  /// What the events of a type are about; one that concerns no payment asks for no more than a
  /// charge does.
  static About about(String stripesName) {
    return named(stripesName).map(StripeEventType::about).orElse(About.CHARGE);
  }

  /// The type that Stripe calls so, if it concerns a payment.
  static Optional<StripeEventType> named(String stripesName) {
    return Optional.ofNullable(BY_NAME.get(stripesName));
  }

  /// All of Stripe's names, in a fixed order.
  static List<String> names() {
    return Arrays.stream(values()).map(StripeEventType::stripesName).toList();
  }

  /// Stripe's names of those that an endpoint with these settings has to get.
  static List<String> toRegister(Endpoint endpoint) {
    return Arrays.stream(values())
        .filter(type -> type.needed(endpoint.ordersFrom()))
        .map(StripeEventType::stripesName)
        .toList();
  }

  private boolean needed(Endpoint.OrdersFrom ordersFrom) {
    return switch (register) {
      case ALWAYS -> true;
      case WITHOUT_CHECKOUT -> ordersFrom == Endpoint.OrdersFrom.PAYMENT_INTENTS;
      case NEVER -> false;
    };
  }

  /// As Stripe calls it.
  String stripesName() {
    return stripesName;
  }

  About about() {
    return about;
  }
}
