package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Random;

/// A shop that uses Stripe: what its customers do, in the events that Stripe tells it by. Written
/// from the provider's documentation and nobody else's code, so that the services are held to what
/// the provider sends.
final class Shop {

  private final Clock clock = Clock.systemUTC();
  private final Random random = new SecureRandom();

  /// A payment that is about to be made.
  Payment payment() {
    return new Payment(id(""), 3000, "usd", "payment");
  }

  /// An id that no other test has.
  String id(String prefix) {
    byte[] bytes = new byte[10];
    random.nextBytes(bytes);
    return prefix + HexFormat.of().formatHex(bytes);
  }

  /// @param token in all ids of this payment
  /// @param mode of its Checkout Session
  record Payment(String token, long amount, String currency, String mode) {

    Payment of(long otherAmount) {
      return new Payment(token, otherAmount, currency, mode);
    }

    Payment inMode(String otherMode) {
      return new Payment(token, amount, currency, otherMode);
    }

    String session() {
      return "cs_test_" + token;
    }

    String intent() {
      return "pi_" + token;
    }

    String charge() {
      return "ch_" + token;
    }

    String email() {
      return "jenny-" + token + "@example.com";
    }

    String reference() {
      return "cart-" + token;
    }

    /// As Quittance names it: nothing to pay means that there is no PaymentIntent.
    String order() {
      return "stripe:" + (amount > 0 && mode.equals("payment") ? intent() : session());
    }
  }

  /// The customer has finished the checkout.
  ///
  /// @param status `paid`, `unpaid` or `no_payment_required`
  byte[] completed(Payment payment, String status) {
    return event("checkout.session.completed", session(payment, status, "complete"));
  }

  /// A debit has arrived after all.
  byte[] asyncSucceeded(Payment payment) {
    return event("checkout.session.async_payment_succeeded", session(payment, "paid", "complete"));
  }

  /// A debit was returned.
  byte[] asyncFailed(Payment payment) {
    return event("checkout.session.async_payment_failed", session(payment, "unpaid", "complete"));
  }

  /// Nobody came back to the checkout.
  byte[] expired(Payment payment) {
    return event("checkout.session.expired", session(payment, "unpaid", "expired"));
  }

  /// The PaymentIntent under the checkout knows neither reference nor items.
  byte[] intentSucceeded(Payment payment) {
    ObjectNode intent = object("payment_intent", payment.intent());
    intent.put("amount", payment.amount()).put("amount_received", payment.amount());
    intent.put("currency", payment.currency()).put("status", "succeeded");
    intent.put("latest_charge", payment.charge()).put("capture_method", "automatic");
    intent.putNull("receipt_email").putNull("description");
    intent.putObject("metadata");
    return event("payment_intent.succeeded", intent);
  }

  /// Money goes back.
  ///
  /// @param id of the refund: the same for all that is told of it
  byte[] refund(Payment payment, String id, long amount, String type, String status) {
    ObjectNode refund = object("refund", id);
    refund.put("amount", amount).put("currency", payment.currency()).put("status", status);
    refund.put("charge", payment.charge()).put("payment_intent", payment.intent());
    refund.put("reason", "requested_by_customer");
    refund.putObject("metadata");
    return event(type, refund);
  }

  private ObjectNode session(Payment payment, String paymentStatus, String status) {
    ObjectNode session = object("checkout.session", payment.session());
    boolean setup = payment.mode().equals("setup");
    session.put("mode", payment.mode()).put("status", status).put("payment_status", paymentStatus);
    if (payment.order().endsWith(payment.intent())) {
      session.put("payment_intent", payment.intent());
    } else {
      session.putNull("payment_intent");
    }
    if (setup) {
      session.putNull("amount_total").putNull("amount_subtotal").putNull("currency");
    } else {
      session.put("amount_total", payment.amount()).put("amount_subtotal", 3000);
      session.put("currency", payment.currency());
      session
          .putObject("total_details")
          .put("amount_discount", 3000 - Math.min(3000, payment.amount()))
          .put("amount_shipping", 0)
          .put("amount_tax", 0);
    }
    session.put("client_reference_id", payment.reference()).put("locale", "en");
    session.putNull("customer_email");
    session.putObject("customer_details").put("email", payment.email()).put("name", "Jenny Rosen");
    session.putObject("metadata").put("campaign", "autumn");
    return session;
  }

  private ObjectNode object(String type, String id) {
    return WireFormat.mapper()
        .createObjectNode()
        .put("id", id)
        .put("object", type)
        .put("created", clock.instant().getEpochSecond())
        .put("livemode", false);
  }

  /// An event about the object, with an id of its own.
  private byte[] event(String type, ObjectNode about) {
    ObjectNode event =
        WireFormat.mapper()
            .createObjectNode()
            .put("id", id("evt_"))
            .put("object", "event")
            .put("api_version", "2026-07-29.dahlia")
            .put("created", clock.instant().getEpochSecond());
    event.putObject("data").set("object", about);
    event.put("livemode", false).put("pending_webhooks", 1);
    event.putObject("request").putNull("id").putNull("idempotency_key");
    event.put("type", type);
    return WireFormat.write(event);
  }
}
