package dev.quittance.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.problem.Refusal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pretended Stripe account. Whatever happens in it is kept in the documents and told as events,
/// in the order in which Stripe creates them.
///
/// A payment is named by the id of any object that belongs to it: session, intent, charge, refund
/// or dispute.
public final class StripeAccount {

  /// The version that the events are written in.
  public static final String API_VERSION = "2026-07-29.dahlia";

  /// More than one payment has of refunds or disputes.
  private static final int STEPS_MAX = 100;

  /// Which refunds only let go of what was never captured.
  private static final String RELEASE = "release:";

  private final DocumentStore documents;
  private final Ids ids;
  private final StripeObjects objects;

  /// @param publicUrl where browsers find the hosted checkout
  public StripeAccount(DocumentStore documents, Ids ids, Clock clock, String publicUrl) {
    this.documents = documents;
    this.ids = ids;
    this.objects = new StripeObjects(ids, clock, publicUrl);
  }

  /// Opens a Checkout Session.
  ///
  /// @param id the session's id; null for a new one
  /// @param intent the id that its PaymentIntent will have; null for a new one
  /// @return the session's id
  public synchronized String openSession(
      Purchase purchase, @Nullable String id, @Nullable String intent) {
    String session = id == null ? ids.make("cs_test_a1", 58) : id;
    keepSeller(purchase);
    documents.put(session, objects.session(session, purchase));
    keepPurchase(session, purchase);
    if (intent != null) {
      documents.put("planned:" + session, JsonText.object().put("intent", intent));
    }
    return session;
  }

  /// Creates a PaymentIntent, as a shop does that has its own payment page.
  ///
  /// @param id the intent's id; null for a new one
  public synchronized List<ProviderEvent> openIntent(Purchase purchase, @Nullable String id) {
    String intent = id == null ? ids.make("pi_3", 23) : id;
    keepSeller(purchase);
    documents.put(intent, objects.intent(intent, purchase));
    documents.put("purchase:" + intent, (ObjectNode) JsonText.tree(purchase));
    return List.of(event("payment_intent.created", intent));
  }

  /// The session as it is now.
  public ObjectNode session(String id) {
    return documents
        .find(id)
        .filter(found -> "checkout.session".equals(JsonText.text(found, "object")))
        .orElseThrow(() -> Refusal.notFound("The sandbox knows no checkout " + id + "."));
  }

  /// The session that a PaymentIntent belongs to.
  public Optional<String> sessionOf(String intent) {
    return documents.find("session-of:" + intent).map(link -> link.get("session").asText());
  }

  /// What a payment is for, and who pays it.
  public synchronized Purchase purchaseOf(String reference) {
    return payment(reference).purchase;
  }

  /// The order that a payment becomes; null when it opens none.
  public @Nullable String orderOf(String reference) {
    return order(required(reference));
  }

  /// The cart of an open session changes, or who pays for it.
  ///
  /// @param coupon the code that takes the discount off; null when there is none
  public synchronized void change(String id, Purchase purchase, @Nullable String coupon) {
    Payment payment = payment(id);
    ObjectNode session = payment.session();
    if (!"open".equals(JsonText.text(session, "status"))) {
      throw Refusal.conflict("This checkout isn't open any more.");
    }
    if (!purchase.items().equals(payment.purchase.items())
        || purchase.discount() != payment.purchase.discount()) {
      objects.price(session, purchase);
      keepItems(id, purchase);
    }
    session.putArray("discounts");
    if (coupon != null) {
      session.withArray("discounts").addObject().put("coupon", coupon).putNull("promotion_code");
    }
    keep(session);
    documents.put("purchase:" + id, (ObjectNode) JsonText.tree(purchase));
    if (payment.intent != null) {
      payment.intent.put("amount", purchase.total());
      keep(payment.intent);
    }
  }

  /// Whether an id names something of this account.
  public boolean knows(String reference) {
    return documents.find(reference).isPresent();
  }

  /// Whether money has come, or is on its way, or none was due.
  public synchronized boolean paidOrPending(String reference) {
    Payment payment = payment(reference);
    if (payment.session != null) {
      return "complete".equals(JsonText.text(payment.session, "status"));
    }
    String status = JsonText.text(payment.intent(), "status");
    return "succeeded".equals(status)
        || "processing".equals(status)
        || "requires_capture".equals(status);
  }

  /// Whether money is authorized that may still be captured.
  public synchronized boolean authorized(String reference) {
    return onlyAuthorized(payment(reference));
  }

  /// Whether the money of a delayed method is still on its way.
  public synchronized boolean pending(String reference) {
    Payment payment = payment(reference);
    return payment.intent != null && "processing".equals(JsonText.text(payment.intent, "status"));
  }

  /// Whether the payment was called off, or its session ran out of time.
  public synchronized boolean canceled(String reference) {
    Payment payment = payment(reference);
    return payment.session != null
        ? "expired".equals(JsonText.text(payment.session, "status"))
        : "canceled".equals(JsonText.text(payment.intent(), "status"));
  }

  /// The payment goes through, at once or, with a delayed method, as far as one knows today.
  public synchronized List<ProviderEvent> pay(String reference, PaymentMethod method) {
    Payment payment = payment(reference);
    if (paidOrPending(reference)) {
      throw Refusal.conflict("This payment was made before.");
    }
    var told = new ArrayList<ProviderEvent>();
    if (payment.session != null && noIntentNeeded(payment.session)) {
      complete(payment, method, told);
      return told;
    }
    ObjectNode intent = intentOf(payment, told);
    String charge = method.delayed() ? "pending" : "succeeded";
    ObjectNode charged = objects.charge(intent, payment.purchase, method);
    charged.put("status", charge);
    charged.put("paid", !method.delayed());
    charged.put("captured", true);
    if (!method.delayed()) {
      charged.put("receipt_url", "https://pay.stripe.com/receipts/" + charged.get("id").asText());
    } else {
      charged.put("balance_transaction", (String) null);
      ((ObjectNode) charged.get("outcome"))
          .put("network_status", "approved_by_network")
          .put("seller_message", "Payment complete.");
    }
    keep(charged);
    intent.set("latest_charge", charged.get("id"));
    intent.set("payment_method", charged.get("payment_method"));
    intent.putArray("payment_method_types").add(method.type());
    intent.putNull("last_payment_error");
    intent.put("status", method.delayed() ? "processing" : "succeeded");
    intent.put("amount_received", method.delayed() ? 0 : intent.get("amount").asLong());
    keep(intent);
    told.add(event("charge." + charge, charged));
    told.add(
        event(method.delayed() ? "payment_intent.processing" : "payment_intent.succeeded", intent));
    complete(payment, method, told);
    return told;
  }

  /// The bank sets the money aside; the shop takes it later, by [#capture].
  public synchronized List<ProviderEvent> authorize(String reference, PaymentMethod method) {
    Payment payment = payment(reference);
    if (paidOrPending(reference)) {
      throw Refusal.conflict("This payment was made before.");
    }
    if (method.delayed() || (payment.session != null && noIntentNeeded(payment.session))) {
      throw Refusal.conflict("Nothing of this payment can be set aside.");
    }
    var told = new ArrayList<ProviderEvent>();
    ObjectNode intent = intentOf(payment, told);
    ObjectNode charge = objects.charge(intent, payment.purchase, method);
    charge.put("status", "succeeded").put("paid", true).put("captured", false);
    charge.put("amount_captured", 0).putNull("balance_transaction");
    keep(charge);
    intent.set("latest_charge", charge.get("id"));
    intent.set("payment_method", charge.get("payment_method"));
    intent.putArray("payment_method_types").add(method.type());
    intent.putNull("last_payment_error");
    intent.put("capture_method", "manual").put("status", "requires_capture");
    intent.put("amount_received", 0).set("amount_capturable", intent.get("amount"));
    keep(intent);
    told.add(event("charge.succeeded", charge));
    told.add(event("payment_intent.amount_capturable_updated", intent));
    complete(payment, method, told);
    return told;
  }

  /// The shop takes what was set aside, a part of it, or more (an overcapture). Of a part that is
  /// the last, Stripe lets the rest go, and says nothing about it.
  ///
  /// @param amount in minor units; null for all that is left
  /// @param last whether no further capture follows
  public List<ProviderEvent> capture(String reference, @Nullable Long amount, boolean last) {
    return capture(reference, amount, last, false);
  }

  /// The same, in whatever version the shop asks for it. Before 2025-03-31.basil Stripe lets the
  /// rest go by a refund, with a balance transaction or without, which the charge counts as
  /// refunded though no money went back.
  ///
  /// @param counted whether it is such an older version
  public synchronized List<ProviderEvent> capture(
      String reference, @Nullable Long amount, boolean last, boolean counted) {
    if (!authorized(reference)) {
      throw Refusal.conflict("No money is set aside for this payment.");
    }
    ObjectNode intent = payment(reference).intent();
    ObjectNode charge = charge(intent);
    long authorized = charge.get("amount").asLong();
    long before = charge.get("amount_captured").asLong();
    long captured = before + (amount == null ? authorized - before : amount);
    if (captured <= before || (!last && captured >= authorized)) {
      throw Refusal.badRequest("That can't be captured.");
    }
    charge.put("captured", true).put("amount_captured", captured);
    if (before == 0) {
      charge.put("balance_transaction", ids.make("txn_3", 23));
    }
    keep(charge);
    intent.put("amount_received", captured);
    intent.put("amount_capturable", last ? 0 : authorized - captured);
    intent.put("status", last ? "succeeded" : "requires_capture");
    keep(intent);
    var told = new ArrayList<ProviderEvent>();
    if (counted && last && captured < authorized) {
      ObjectNode release = objects.release(charge, authorized - captured);
      keep(release);
      documents.put(RELEASE + release.get("id").asText(), JsonText.object());
      count(charge, authorized - captured);
      told.add(event("refund.created", release));
      told.add(event("charge.refunded", charge));
    }
    told.add(
        event(
            last ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated",
            intent));
    told.add(event(before == 0 ? "charge.captured" : "charge.updated", charge));
    return told;
  }

  /// The bank refuses; the customer may try again.
  public synchronized List<ProviderEvent> decline(
      String reference, PaymentMethod method, Decline decline) {
    Payment payment = payment(reference);
    if (paidOrPending(reference)) {
      throw Refusal.conflict("This payment was made before.");
    }
    var told = new ArrayList<ProviderEvent>();
    ObjectNode intent = intentOf(payment, told);
    ObjectNode charge = objects.charge(intent, payment.purchase, method);
    fail(charge, intent, decline);
    told.add(event("charge.failed", charge));
    told.add(event("payment_intent.payment_failed", intent));
    return told;
  }

  /// The money of a delayed method arrives.
  public synchronized List<ProviderEvent> settle(String reference) {
    Payment payment = pendingPayment(reference);
    ObjectNode intent = payment.intent();
    ObjectNode charge = charge(intent);
    charge.put("status", "succeeded").put("paid", true);
    charge.put("balance_transaction", ids.make("txn_3", 23));
    keep(charge);
    intent.put("status", "succeeded").set("amount_received", intent.get("amount"));
    keep(intent);
    var told = new ArrayList<ProviderEvent>();
    told.add(event("charge.succeeded", charge));
    told.add(event("payment_intent.succeeded", intent));
    if (payment.session != null) {
      payment.session.put("payment_status", "paid");
      keep(payment.session);
      told.add(event("checkout.session.async_payment_succeeded", payment.session));
    }
    return told;
  }

  /// The money of a delayed method doesn't arrive.
  public synchronized List<ProviderEvent> bounce(String reference) {
    Payment payment = pendingPayment(reference);
    ObjectNode intent = payment.intent();
    ObjectNode charge = charge(intent);
    fail(charge, intent, Decline.DEBIT_RETURNED);
    var told = new ArrayList<ProviderEvent>();
    told.add(event("charge.failed", charge));
    told.add(event("payment_intent.payment_failed", intent));
    if (payment.session != null) {
      told.add(event("checkout.session.async_payment_failed", payment.session));
    }
    return told;
  }

  /// The bank returns a debit that had succeeded. The PaymentIntent stays as it is; what the charge
  /// had brought is booked back.
  public synchronized List<ProviderEvent> returnDebit(String reference) {
    if (!returnable(reference)) {
      throw Refusal.conflict("Only a debit that has arrived can be returned.");
    }
    ObjectNode charge = paidCharge(reference);
    charge.put("status", "failed").put("paid", false);
    charge.put("failure_balance_transaction", ids.make("txn_3", 23));
    charge.put("failure_code", "insufficient_funds");
    charge.put("failure_message", "The customer's bank returned the debit.");
    keep(charge);
    return List.of(event("charge.failed", charge));
  }

  /// Whether a debit has arrived, and neither went back nor was disputed.
  public synchronized boolean returnable(String reference) {
    Payment payment = payment(reference);
    if (payment.intent == null || !"succeeded".equals(JsonText.text(payment.intent, "status"))) {
      return false;
    }
    ObjectNode charge = charge(payment.intent);
    return "succeeded".equals(JsonText.text(charge, "status"))
        && charge.path("payment_method_details").path("type").asText().endsWith("_debit")
        && newest("re_", reference).isEmpty()
        && newest("du_", reference).isEmpty();
  }

  /// The session's time runs out, or the shop calls the payment off.
  public synchronized List<ProviderEvent> cancel(String reference) {
    Payment payment = payment(reference);
    if (paidOrPending(reference)) {
      throw Refusal.conflict("This payment was made before.");
    }
    var told = new ArrayList<ProviderEvent>();
    if (payment.intent != null) {
      payment.intent.put("status", "canceled");
      payment.intent.put("canceled_at", objects.now());
      payment.intent.put("cancellation_reason", payment.session == null ? "abandoned" : "expired");
      keep(payment.intent);
      told.add(event("payment_intent.canceled", payment.intent));
    }
    if (payment.session != null) {
      payment.session.put("status", "expired").putNull("url");
      keep(payment.session);
      told.add(event("checkout.session.expired", payment.session));
    }
    return told;
  }

  /// Money goes back to the customer.
  ///
  /// @param amount in minor units; null for all that is left
  /// @param status `succeeded`, as with cards, `pending`, as with some debits, or another of
  ///   Stripe's
  public synchronized List<ProviderEvent> refund(
      String reference, @Nullable Long amount, String status, String reason) {
    ObjectNode charge = paidCharge(reference);
    long left = mostRefundable(charge) - charge.get("amount_refunded").asLong();
    long refunded = amount == null ? left : amount;
    if (refunded <= 0 || refunded > left) {
      throw new Refusal(
          400,
          "Bad request",
          "Between 1 and " + left + " can be refunded.",
          Map.of("code", left == 0 ? "charge_already_refunded" : "amount_too_large"));
    }
    ObjectNode refund = objects.refund(charge, refunded, status, reason);
    keep(refund);
    if (!status.equals("failed") && !status.equals("canceled")) {
      count(charge, refunded);
    }
    var told = new ArrayList<ProviderEvent>();
    told.add(event("refund.created", refund));
    told.add(event("charge.refunded", charge));
    if (status.equals("succeeded")) {
      ObjectNode card = (ObjectNode) refund.path("destination_details").path("card");
      card.put("reference", ids.make("", 12)).put("reference_status", "available");
      keep(refund);
      told.add(event("refund.updated", refund));
      told.add(event("charge.refund.updated", refund));
    }
    return told;
  }

  /// A pending refund arrives.
  public synchronized List<ProviderEvent> settleRefund(String refundId) {
    ObjectNode refund = required(refundId);
    refund.put("status", "succeeded");
    keep(refund);
    return List.of(event("refund.updated", refund), event("charge.refund.updated", refund));
  }

  /// The customer's bank sends a refund back.
  public synchronized List<ProviderEvent> failRefund(String refundId) {
    ObjectNode refund = required(refundId);
    if ("failed".equals(JsonText.text(refund, "status"))) {
      throw Refusal.conflict("This refund failed before.");
    }
    refund.put("status", "failed").put("failure_reason", "expired_or_canceled_card");
    refund.put("failure_balance_transaction", ids.make("txn_1", 23));
    keep(refund);
    ObjectNode charge = required(refund.get("charge").asText());
    count(charge, -refund.get("amount").asLong());
    return List.of(
        event("refund.failed", refund),
        event("refund.updated", refund),
        event("charge.refund.updated", refund));
  }

  /// The customer's bank takes the payment back, or, as an inquiry, asks.
  ///
  /// @param amount in minor units; null for the whole payment
  public synchronized List<ProviderEvent> dispute(
      String reference, @Nullable Long amount, boolean inquiry) {
    ObjectNode charge = paidCharge(reference);
    long disputed = amount == null ? charge.get("amount_captured").asLong() : amount;
    ObjectNode dispute =
        objects.dispute(charge, disputed, inquiry ? "warning_needs_response" : "needs_response");
    charge.put("disputed", true);
    keep(charge);
    keep(dispute);
    var told = new ArrayList<ProviderEvent>();
    told.add(event("charge.dispute.created", dispute));
    if (!inquiry) {
      dispute.withArray("balance_transactions").add(objects.balanceTransaction(dispute, -disputed));
      keep(dispute);
      told.add(event("charge.dispute.funds_withdrawn", dispute));
    }
    return told;
  }

  /// The shop answers a dispute.
  public synchronized List<ProviderEvent> answerDispute(String disputeId) {
    ObjectNode dispute = openDispute(disputeId);
    boolean inquiry = dispute.get("status").asText().startsWith("warning_");
    dispute.put("status", inquiry ? "warning_under_review" : "under_review");
    ObjectNode details = (ObjectNode) dispute.get("evidence_details");
    details.put("has_evidence", true).put("submission_count", 1);
    keep(dispute);
    return List.of(event("charge.dispute.updated", dispute));
  }

  /// A dispute ends.
  ///
  /// @param won whether the shop keeps the money; an inquiry just ends
  public synchronized List<ProviderEvent> closeDispute(String disputeId, boolean won) {
    ObjectNode dispute = openDispute(disputeId);
    boolean inquiry = dispute.get("status").asText().startsWith("warning_");
    dispute.put("status", inquiry ? "warning_closed" : won ? "won" : "lost");
    keep(dispute);
    var told = new ArrayList<ProviderEvent>();
    told.add(event("charge.dispute.closed", dispute));
    if (won && !inquiry) {
      dispute
          .withArray("balance_transactions")
          .add(objects.balanceTransaction(dispute, dispute.get("amount").asLong()));
      keep(dispute);
      told.add(event("charge.dispute.funds_reinstated", dispute));
    }
    return told;
  }

  /// The newest refund or dispute of a payment; the release of what was never captured is none.
  ///
  /// @param prefix `re_` or `du_`
  public synchronized Optional<ObjectNode> newest(String prefix, String reference) {
    if (reference.startsWith(prefix)) {
      return documents.find(reference);
    }
    String intent = JsonText.text(payment(reference).intent(), "id");
    return documents
        .newest(
            prefix,
            1,
            found ->
                found.path("payment_intent").asText().equals(intent)
                    && (prefix.equals("du_") || !isRelease(found)))
        .stream()
        .findFirst();
  }

  /// All refunds or disputes of a payment, newest first.
  ///
  /// @param prefix `re_` or `du_`
  public synchronized List<ObjectNode> all(String prefix, String reference) {
    ObjectNode intent = payment(reference).intent;
    if (intent == null) {
      return List.of();
    }
    String id = intent.path("id").asText();
    return documents.newest(
        prefix, STEPS_MAX, found -> found.path("payment_intent").asText().equals(id));
  }

  /// Tells an event of a type once more, with the object as it is now and a new event id: two ids
  /// for one change do happen.
  public synchronized Optional<ProviderEvent> again(String type, String reference) {
    Payment payment = payment(reference);
    ObjectNode object;
    if (type.startsWith("checkout.")) {
      object = payment.session;
    } else if (type.startsWith("payment_intent.")) {
      object = payment.intent;
    } else if (type.startsWith("charge.dispute.")) {
      object = newest("du_", reference).orElse(null);
    } else if (type.startsWith("refund.") || type.equals("charge.refund.updated")) {
      object = newest("re_", reference).orElse(null);
    } else {
      object = payment.intent == null ? null : charge(payment.intent);
    }
    return Optional.ofNullable(object).map(found -> event(type, found));
  }

  private void complete(Payment payment, PaymentMethod method, List<ProviderEvent> told) {
    ObjectNode session = payment.session;
    if (session == null) {
      return;
    }
    session.put("status", "complete").putNull("url");
    session.set("customer_details", objects.customerDetails(payment.purchase));
    session.putArray("payment_method_types").add(method.type());
    if (session.get("mode").asText().equals("subscription")) {
      session.put("subscription", ids.make("sub_1", 23));
      session.put("invoice", ids.make("in_1", 23));
      session.put("customer", ids.make("cus_", 14));
      session.put("customer_creation", "always");
    }
    if (session.path("amount_total").asLong() == 0) {
      session.put("payment_status", "no_payment_required");
    } else {
      session.put(
          "payment_status", method.delayed() || onlyAuthorized(payment) ? "unpaid" : "paid");
    }
    keep(session);
    told.add(event("checkout.session.completed", session));
  }

  private static boolean onlyAuthorized(Payment payment) {
    return payment.intent != null
        && "requires_capture".equals(JsonText.text(payment.intent, "status"));
  }

  private static boolean noIntentNeeded(ObjectNode session) {
    return !session.get("mode").asText().equals("payment")
        || session.path("amount_total").asLong() == 0;
  }

  private ObjectNode intentOf(Payment payment, List<ProviderEvent> told) {
    if (payment.intent != null) {
      return payment.intent;
    }
    ObjectNode session = payment.session();
    String sessionId = session.get("id").asText();
    String id =
        documents
            .find("planned:" + sessionId)
            .map(planned -> planned.get("intent").asText())
            .orElseGet(() -> ids.make("pi_3", 23));
    ObjectNode intent = objects.intent(id, payment.purchase);
    keep(intent);
    documents.put("session-of:" + id, JsonText.object().put("session", sessionId));
    session.put("payment_intent", id);
    keep(session);
    payment.intent = intent;
    told.add(event("payment_intent.created", intent));
    return intent;
  }

  private void fail(ObjectNode charge, ObjectNode intent, Decline decline) {
    charge.put("status", "failed").put("paid", false).put("captured", false);
    charge.put("amount_captured", 0).putNull("balance_transaction");
    charge.put("failure_code", decline.code()).put("failure_message", decline.message());
    ((ObjectNode) charge.get("outcome"))
        .put("network_status", "declined_by_network")
        .put("reason", decline.declineCode())
        .put("seller_message", "The bank did not accept the payment.")
        .put("type", "issuer_declined");
    keep(charge);
    intent.put("status", "requires_payment_method").put("amount_received", 0);
    intent.set("latest_charge", charge.get("id"));
    intent.set(
        "last_payment_error",
        objects.declined(decline.code(), decline.declineCode(), decline.message()));
    keep(intent);
  }

  private void count(ObjectNode charge, long refunded) {
    long total = charge.get("amount_refunded").asLong() + refunded;
    charge.put("amount_refunded", total);
    charge.put("refunded", total >= mostRefundable(charge));
    keep(charge);
  }

  /// What can still go back of a payment, in minor units; 0 where nothing was paid.
  public synchronized long refundable(String reference) {
    ObjectNode intent = payment(reference).intent;
    if (intent == null || !"succeeded".equals(JsonText.text(intent, "status"))) {
      return 0;
    }
    ObjectNode charge = charge(intent);
    return mostRefundable(charge) - charge.get("amount_refunded").asLong();
  }

  /// What `amount_refunded` comes to in the end: what was captured, and what was let go where that
  /// is counted.
  private long mostRefundable(ObjectNode charge) {
    String id = charge.get("id").asText();
    return charge.get("amount_captured").asLong()
        + documents
            .newest(
                "re_",
                STEPS_MAX,
                found -> found.path("charge").asText().equals(id) && isRelease(found))
            .stream()
            .mapToLong(release -> release.get("amount").asLong())
            .sum();
  }

  /// Whether a refund only lets go: nothing in it says so.
  private boolean isRelease(ObjectNode refund) {
    return documents.find(RELEASE + refund.get("id").asText()).isPresent();
  }

  private Payment pendingPayment(String reference) {
    Payment payment = payment(reference);
    if (!pending(reference)) {
      throw Refusal.conflict("No money is on its way for this payment.");
    }
    return payment;
  }

  private ObjectNode paidCharge(String reference) {
    Payment payment = payment(reference);
    if (payment.intent == null || !"succeeded".equals(JsonText.text(payment.intent, "status"))) {
      throw Refusal.conflict("There is no money to give or take back: it wasn't paid.");
    }
    return charge(payment.intent);
  }

  private ObjectNode openDispute(String disputeId) {
    ObjectNode dispute = required(disputeId);
    String status = dispute.get("status").asText();
    if (status.equals("won") || status.equals("lost") || status.equals("warning_closed")) {
      throw Refusal.conflict("This dispute is closed.");
    }
    return dispute;
  }

  private ObjectNode charge(ObjectNode intent) {
    return required(intent.get("latest_charge").asText());
  }

  private ObjectNode required(String id) {
    return documents
        .find(id)
        .orElseThrow(() -> Refusal.notFound("The sandbox knows no " + id + "."));
  }

  private Payment payment(String reference) {
    ObjectNode object = required(reference);
    if ("checkout.session".equals(JsonText.text(object, "object"))) {
      String intent = JsonText.text(object, "payment_intent");
      return new Payment(
          object, intent == null ? null : required(intent), purchase("purchase:" + reference));
    }
    String intentId =
        "payment_intent".equals(JsonText.text(object, "object"))
            ? reference
            : object.path("payment_intent").asText();
    ObjectNode intent = required(intentId);
    Optional<String> session = sessionOf(intentId);
    return new Payment(
        session.map(this::required).orElse(null),
        intent,
        purchase("purchase:" + session.orElse(intentId)));
  }

  private void keepPurchase(String session, Purchase purchase) {
    documents.put("purchase:" + session, (ObjectNode) JsonText.tree(purchase));
    keepItems(session, purchase);
  }

  /// A platform knows the accounts that are connected to it.
  private void keepSeller(Purchase purchase) {
    String seller = purchase.seller();
    if (seller != null) {
      documents.put(seller, JsonText.object().put("id", seller).put("object", "account"));
    }
  }

  private void keepItems(String session, Purchase purchase) {
    ArrayNode lines = objects.lineItems(purchase);
    ObjectNode kept = JsonText.object();
    kept.set("data", lines);
    documents.put("items:" + session, kept);
  }

  private Purchase purchase(String key) {
    return JsonText.as(required(key), Purchase.class);
  }

  private void keep(ObjectNode object) {
    documents.put(object.get("id").asText(), object);
  }

  private ProviderEvent event(String type, String id) {
    return event(type, required(id));
  }

  private ProviderEvent event(String type, ObjectNode object) {
    String id = ids.make("evt_1", 23);
    ObjectNode envelope = JsonText.object();
    envelope.put("id", id);
    envelope.put("object", "event");
    String seller = StripeRecords.seller(documents, object);
    if (seller != null) {
      envelope.put("account", seller);
    }
    envelope.put("api_version", API_VERSION);
    envelope.put("created", objects.now());
    envelope.putObject("data").set("object", object.deepCopy());
    envelope.put("livemode", object.path("livemode").asBoolean());
    envelope.put("pending_webhooks", 1);
    envelope.putObject("request").putNull("id").putNull("idempotency_key");
    envelope.put("type", type);
    documents.put(id, envelope);
    return new ProviderEvent(Provider.STRIPE, id, type, order(object), email(object), envelope);
  }

  private static @Nullable String order(ObjectNode object) {
    JsonNode intent =
        "payment_intent".equals(JsonText.text(object, "object"))
            ? object.get("id")
            : object.get("payment_intent");
    if (intent != null && !intent.isNull()) {
      return "stripe:" + intent.asText();
    }
    boolean opensNone = "setup".equals(JsonText.text(object, "mode"));
    return opensNone ? null : "stripe:" + object.get("id").asText();
  }

  private @Nullable String email(ObjectNode object) {
    if ("checkout.session".equals(JsonText.text(object, "object"))) {
      return purchase("purchase:" + object.get("id").asText()).email();
    }
    String intent =
        "payment_intent".equals(JsonText.text(object, "object"))
            ? object.get("id").asText()
            : object.path("payment_intent").asText();
    return documents.find(intent).isPresent() ? payment(intent).purchase.email() : null;
  }

  /// What belongs to one payment.
  private static final class Payment {
    private final @Nullable ObjectNode session;
    private @Nullable ObjectNode intent;
    private final Purchase purchase;

    private Payment(@Nullable ObjectNode session, @Nullable ObjectNode intent, Purchase purchase) {
      this.session = session;
      this.intent = intent;
      this.purchase = purchase;
    }

    private ObjectNode session() {
      if (session == null) {
        throw Refusal.conflict("This payment has no Checkout Session.");
      }
      return session;
    }

    private ObjectNode intent() {
      if (intent == null) {
        throw Refusal.conflict("This payment has no PaymentIntent: nothing was paid.");
      }
      return intent;
    }
  }
}
