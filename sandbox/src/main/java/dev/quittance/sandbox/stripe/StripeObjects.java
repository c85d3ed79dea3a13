package dev.quittance.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Purchase;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/// Makes the objects of Stripe's API, whole as it sends them.
final class StripeObjects {

  /// Stripe lets a session live for a day unless the shop says otherwise.
  private static final Duration SESSION_LIFE = Duration.ofHours(24);

  private static final Duration EVIDENCE_TIME = Duration.ofDays(10);

  private final Ids ids;
  private final Clock clock;
  private final String publicUrl;

  StripeObjects(Ids ids, Clock clock, String publicUrl) {
    this.ids = ids;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  ObjectNode session(String id, Purchase purchase) {
    ObjectNode session = template("checkout.session", id);
    session.put("livemode", purchase.livemode());
    session.put("mode", purchase.mode().name().toLowerCase(Locale.ROOT));
    session.put("expires_at", now() + SESSION_LIFE.toSeconds());
    session.put("url", publicUrl + "/checkout/stripe/" + id);
    session.put("success_url", purchase.successUrl());
    session.put("cancel_url", purchase.cancelUrl());
    session.put("client_reference_id", purchase.reference());
    session.put("locale", purchase.locale());
    session.set("metadata", JsonText.tree(purchase.metadata()));
    if (purchase.mode() == Purchase.Mode.SETUP) {
      session.putNull("amount_subtotal").putNull("amount_total").putNull("currency");
      session.putNull("total_details");
      session.put("payment_status", "no_payment_required");
      session.put("setup_intent", ids.make("seti_1", 23));
    } else {
      session.put("currency", purchase.currency());
      price(session, purchase);
    }
    return session;
  }

  void price(ObjectNode session, Purchase purchase) {
    session.put("amount_subtotal", purchase.subtotal());
    session.put("amount_total", purchase.total());
    ((ObjectNode) session.get("total_details")).put("amount_discount", purchase.discount());
  }

  ArrayNode lineItems(Purchase purchase) {
    ArrayNode lines = JsonText.object().putArray("data");
    long discountLeft = purchase.discount();
    for (Purchase.Item item : purchase.items()) {
      long subtotal = item.unitAmount() * item.quantity();
      long discount = Math.min(discountLeft, subtotal);
      discountLeft -= discount;
      ObjectNode line = JsonText.template("/stripe/line_item.json");
      line.put("id", ids.make("li_1", 23));
      line.put("amount_discount", discount);
      line.put("amount_subtotal", subtotal);
      line.put("amount_total", subtotal - discount);
      line.put("currency", purchase.currency());
      line.put("description", item.name());
      line.put("quantity", item.quantity());
      if (item.adjustable()) {
        line.putObject("adjustable_quantity")
            .put("enabled", true)
            .put("maximum", 99)
            .put("minimum", 0);
      }
      ObjectNode price = (ObjectNode) line.get("price");
      price.put("id", ids.make("price_1", 23));
      price.put("created", now());
      price.put("currency", purchase.currency());
      price.put("product", ids.make("prod_", 14));
      price.put("unit_amount", item.unitAmount());
      price.put("unit_amount_decimal", Long.toString(item.unitAmount()));
      lines.add(line);
    }
    return lines;
  }

  ObjectNode customerDetails(Purchase purchase) {
    ObjectNode details = JsonText.object();
    details.set("address", address(purchase.country()));
    details.putNull("business_name");
    details.put("email", purchase.email());
    details.putNull("individual_name");
    details.put("name", purchase.name());
    details.putNull("phone");
    details.put("tax_exempt", "none");
    details.putArray("tax_ids");
    return details;
  }

  ObjectNode intent(String id, Purchase purchase) {
    ObjectNode intent = template("payment_intent", id);
    intent.put("amount", purchase.total());
    intent.put("currency", purchase.currency());
    intent.put("livemode", purchase.livemode());
    intent.put("client_secret", id + ids.make("_secret_", 25));
    intent.set("metadata", JsonText.tree(purchase.metadata()));
    return intent;
  }

  ObjectNode charge(ObjectNode intent, Purchase purchase, PaymentMethod method) {
    ObjectNode charge = template("charge", ids.make(method.delayed() ? "py_3" : "ch_3", 23));
    long amount = intent.get("amount").asLong();
    charge.put("amount", amount);
    charge.put("amount_captured", amount);
    charge.put("currency", intent.get("currency").asText());
    charge.put("livemode", intent.get("livemode").asBoolean());
    charge.put("payment_intent", intent.get("id").asText());
    charge.put("payment_method", ids.make("pm_1", 23));
    charge.set("payment_method_details", method.details());
    charge.set("metadata", intent.get("metadata").deepCopy());
    charge.put("balance_transaction", ids.make("txn_3", 23));
    ObjectNode billing = (ObjectNode) charge.get("billing_details");
    billing.set("address", address(purchase.country()));
    billing.put("email", purchase.email());
    billing.put("name", purchase.name());
    return charge;
  }

  ObjectNode refund(ObjectNode charge, long amount, String status, String reason) {
    ObjectNode refund = template("refund", ids.make("re_3", 23));
    refund.put("amount", amount);
    refund.put("currency", charge.get("currency").asText());
    refund.put("charge", charge.get("id").asText());
    refund.set("payment_intent", charge.get("payment_intent"));
    refund.put("balance_transaction", ids.make("txn_3", 23));
    refund.put("reason", reason);
    refund.put("status", status);
    return refund;
  }

  /// How Stripe tells that it lets go of what was set aside and never captured, without a reason.
  /// Nothing was booked for what wasn't taken, and so it names no transaction; but Stripe's support
  /// speaks of one for what is reversed. So it comes in both ways.
  ObjectNode release(ObjectNode charge, long amount) {
    ObjectNode release = refund(charge, amount, "succeeded", "requested_by_customer");
    if (ids.coin()) {
      release.putNull("balance_transaction");
    }
    return release.putNull("reason");
  }

  ObjectNode dispute(ObjectNode charge, long amount, String status) {
    ObjectNode dispute = template("dispute", ids.make("du_1", 23));
    dispute.put("amount", amount);
    dispute.put("currency", charge.get("currency").asText());
    dispute.put("charge", charge.get("id").asText());
    dispute.set("payment_intent", charge.get("payment_intent"));
    dispute.put("livemode", charge.get("livemode").asBoolean());
    dispute.put("status", status);
    ((ObjectNode) dispute.get("evidence_details")).put("due_by", now() + EVIDENCE_TIME.toSeconds());
    return dispute;
  }

  ObjectNode balanceTransaction(ObjectNode dispute, long amount) {
    ObjectNode transaction = JsonText.object();
    transaction.put("id", ids.make("txn_1", 23));
    transaction.put("object", "balance_transaction");
    transaction.put("amount", amount);
    transaction.put("created", now());
    transaction.set("currency", dispute.get("currency"));
    transaction.put("description", "Chargeback withdrawal for " + dispute.get("charge").asText());
    transaction.put("fee", amount < 0 ? 1_500 : 0);
    transaction.put("net", amount - (amount < 0 ? 1_500 : 0));
    transaction.put("reporting_category", amount < 0 ? "dispute" : "dispute_reversal");
    transaction.set("source", dispute.get("id"));
    transaction.put("status", "available");
    transaction.put("type", "adjustment");
    return transaction;
  }

  ObjectNode declined(String code, String declineCode, String message) {
    return JsonText.object()
        .put("code", code)
        .put("decline_code", declineCode)
        .put("doc_url", "https://docs.stripe.com/error-codes/" + code.replace('_', '-'))
        .put("message", message)
        .put("type", "card_error");
  }

  private ObjectNode template(String name, String id) {
    ObjectNode object = JsonText.template("/stripe/" + name + ".json");
    return object.put("id", id).put("created", now());
  }

  private static ObjectNode address(Purchase.Country country) {
    ObjectNode address = JsonText.object();
    return switch (country) {
      case US ->
          address
              .put("city", "South San Francisco")
              .put("country", "US")
              .put("line1", "354 Oyster Point Blvd")
              .putNull("line2")
              .put("postal_code", "94080")
              .put("state", "CA");
      case DE ->
          address
              .put("city", "Berlin")
              .put("country", "DE")
              .put("line1", "Invalidenstraße 116")
              .putNull("line2")
              .put("postal_code", "10115")
              .putNull("state");
    };
  }
}
