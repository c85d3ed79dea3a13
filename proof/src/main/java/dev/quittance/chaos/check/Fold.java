package dev.quittance.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.chaos.history.Entry;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an order has to be after all that its provider said, read straight from the provider's
/// words and the documents. Deliberately naive, and nothing of it is the services'.
final class Fold {

  private static final List<String> ATTEMPTS =
      List.of("", "attempt_failed", "pending", "failed", "canceled", "succeeded");
  private static final List<String> REFUNDS =
      List.of("", "pending", "succeeded", "canceled", "failed");
  private static final List<String> DISPUTES = List.of("", "inquiry", "open", "closed");

  private final String order;
  private String attempt = "";
  private boolean carried;
  private long amount;
  private @Nullable Long received;
  private final Set<Long> saidToBeReceived = new HashSet<>();
  private @Nullable String email;
  private @Nullable String reference;
  private boolean fullRefund;
  private boolean bookedBack;
  private long released;
  private final Set<String> unexplained = new HashSet<>();
  private long total;
  private boolean totalTold;
  private final Map<String, Refund> refunds = new TreeMap<>();
  private final Map<String, Dispute> disputes = new HashMap<>();

  /// @param everSucceeded whether it was ever said to have succeeded
  record Refund(String status, long amount, boolean everSucceeded) {}

  private record Dispute(String stage, boolean lost) {}

  private Fold(String order) {
    this.order = order;
  }

  /// Folds everything that was sent, by order. What opens no order is left out.
  static Map<String, Fold> of(Collection<Entry.Sent> sent) {
    var folds = new LinkedHashMap<String, Fold>();
    for (Entry.Sent event : sent) {
      String order = orderOf(event);
      if (order != null) {
        folds.computeIfAbsent(order, Fold::new).hear(event);
      }
    }
    return folds;
  }

  /// The order that an event is about; null when there is none.
  static @Nullable String orderOf(Entry.Sent event) {
    JsonNode object = event.object();
    String id = object.path("id").asText();
    if (event.endpoint().equals("paysuper")) {
      return "paysuper:" + object.path("uuid").asText(id);
    }
    if (object.path("mode").asText().equals("setup")) {
      return null;
    }
    String intent =
        event.type().startsWith("payment_intent.") ? id : object.path("payment_intent").asText("");
    return "stripe:" + (intent.isEmpty() || intent.equals("null") ? id : intent);
  }

  private void hear(Entry.Sent event) {
    JsonNode object = event.object();
    if (event.endpoint().equals("paysuper")) {
      hearPaySuper(event.type(), object);
      return;
    }
    if (object.hasNonNull("client_reference_id")) {
      reference = object.path("client_reference_id").asText();
    }
    switch (event.type()) {
      case "checkout.session.completed", "checkout.session.async_payment_succeeded" -> {
        carry(object.path("amount_total").asLong(), object.path("customer_details").path("email"));
        attempted(
            object.path("payment_status").asText().equals("unpaid") ? "pending" : "succeeded");
      }
      case "checkout.session.async_payment_failed" -> {
        carry(object.path("amount_total").asLong(), object.path("customer_details").path("email"));
        attempted("failed");
      }
      case "checkout.session.expired" -> {
        carry(object.path("amount_total").asLong(), object.path("customer_details").path("email"));
        attempted("canceled");
      }
      case "payment_intent.succeeded" -> received(object.path("amount_received").asLong());
      case "charge.captured", "charge.updated" ->
          released =
              object.path("amount").asLong() - received(object.path("amount_captured").asLong());
      case "charge.succeeded" ->
          attempted(object.path("amount_captured").asLong() > 0 ? "succeeded" : "pending");
      case "payment_intent.processing" -> attempted("pending");
      case "payment_intent.canceled" -> attempted("canceled");
      case "payment_intent.payment_failed" -> attempted("attempt_failed");
      case "charge.failed" -> {
        bookedBack |= object.hasNonNull("failure_balance_transaction");
        attempted("attempt_failed");
      }
      case "refund.created", "refund.updated", "refund.failed" -> {
        if (!object.hasNonNull("reason")) {
          unexplained.add(object.path("id").asText());
        }
        refunded(
            object.path("id").asText(),
            object.path("status").asText().replace("requires_action", "pending"),
            object.path("amount").asLong());
      }
      case "charge.refunded" -> {
        totalTold = true;
        long captured = object.path("amount_captured").asLong();
        long told = object.path("amount_refunded").asLong();
        // more than there was to give back: what was let go is among it
        total =
            Math.max(
                total, told > captured ? told - (object.path("amount").asLong() - captured) : told);
      }
      case "charge.dispute.created",
          "charge.dispute.updated",
          "charge.dispute.closed",
          "charge.dispute.funds_withdrawn",
          "charge.dispute.funds_reinstated" ->
          disputed(object.path("id").asText(), object.path("status").asText());
      default -> throw new IllegalArgumentException("No such event is sent: " + event.type());
    }
  }

  private void hearPaySuper(String type, JsonNode object) {
    long minor = new BigDecimal(object.path("amount").asText()).movePointRight(2).longValueExact();
    String id = object.path("id").asText();
    switch (type) {
      case "payment.success" -> {
        carry(minor, object.path("receipt_email"));
        attempted("succeeded");
      }
      case "payment.cancel" -> {
        carry(minor, object.path("receipt_email"));
        attempted("failed");
      }
      case "payment.refund" -> {
        fullRefund = true;
        refunded(id, "succeeded", minor);
      }
      case "payment.chargeback" -> disputed(id, "lost");
      default -> throw new IllegalArgumentException("No such event is sent: " + type);
    }
  }

  private void carry(long ordered, JsonNode address) {
    carried = true;
    amount = ordered;
    if (address.isTextual()) {
      email = address.asText();
    }
  }

  private long received(long money) {
    attempted("succeeded");
    saidToBeReceived.add(money);
    long most = Math.max(money, received == null ? 0 : received);
    received = most;
    return most;
  }

  private void attempted(String outcome) {
    attempt = higher(ATTEMPTS, attempt, outcome);
  }

  private void refunded(String id, String status, long parts) {
    Refund before = refunds.getOrDefault(id, new Refund("", parts, false));
    refunds.put(
        id,
        new Refund(
            higher(REFUNDS, before.status(), status),
            parts,
            before.everSucceeded() || status.equals("succeeded")));
  }

  private void disputed(String id, String status) {
    String stage =
        switch (status) {
          case "won", "lost", "warning_closed" -> "closed";
          case "warning_needs_response", "warning_under_review" -> "inquiry";
          default -> "open";
        };
    Dispute before = disputes.getOrDefault(id, new Dispute("", false));
    disputes.put(
        id,
        new Dispute(
            higher(DISPUTES, before.stage(), stage), before.lost() || status.equals("lost")));
  }

  private static String higher(List<String> ranks, String one, String other) {
    return ranks.indexOf(other) > ranks.indexOf(one) ? other : one;
  }

  String order() {
    return order;
  }

  boolean paid() {
    return attempt.equals("succeeded");
  }

  /// Whether the money was there and bounced. Nobody here pays twice.
  boolean bounced() {
    return paid() && bookedBack;
  }

  /// Whether the order is known, and money is there, or was, or none is needed.
  boolean payable() {
    return paid() && carried;
  }

  long amount() {
    return amount;
  }

  /// What came in, where somebody said so; else what was agreed.
  long received() {
    return received == null ? amount : received;
  }

  /// Whether it was what had come in when one of the events was told.
  boolean saidToBeReceived(long money) {
    return saidToBeReceived.contains(money);
  }

  @Nullable String email() {
    return email;
  }

  /// The shop's own number of it, which several payments of one cart have in common.
  @Nullable String reference() {
    return reference;
  }

  /// Without what only lets go of money that was never captured: the pretended Stripe gives every
  /// refund a reason but that.
  Map<String, Refund> refunds() {
    var real = new TreeMap<>(refunds);
    real.entrySet()
        .removeIf(refund ->
            released > 0
                && unexplained.contains(refund.getKey())
                && refund.getValue().amount() == released);
    return real;
  }

  /// Whether a refund only let go of what was never captured.
  boolean isRelease(String refund) {
    return refunds.containsKey(refund) && !refunds().containsKey(refund);
  }

  /// Whether totals were told, from which single refunds can only be inferred.
  boolean totalTold() {
    return totalTold;
  }

  long refunded() {
    if (fullRefund) {
      return amount;
    }
    long succeeded =
        refunds().values().stream()
            .filter(refund -> refund.status().equals("succeeded"))
            .mapToLong(Refund::amount)
            .sum();
    long any = refunds().values().stream().mapToLong(Refund::amount).sum();
    return succeeded + Math.max(0, total - any);
  }

  private boolean refundedInFull() {
    return received() > 0 && refunded() >= received();
  }

  private boolean lost() {
    return disputes.values().stream().anyMatch(Dispute::lost);
  }

  private boolean contested() {
    return disputes.values().stream().anyMatch(dispute -> dispute.stage().equals("open"));
  }

  String paymentStatus() {
    if (!paid()) {
      return switch (attempt) {
        case "attempt_failed", "failed" -> "failed";
        case "canceled" -> "canceled";
        default -> "pending";
      };
    }
    if (lost()) {
      return "charged_back";
    }
    if (contested()) {
      return "disputed";
    }
    if (bounced()) {
      return "reversed";
    }
    if (refundedInFull()) {
      return "refunded";
    }
    return refunded() > 0 ? "partially_refunded" : "paid";
  }

  String fulfillmentStatus() {
    if (!payable()) {
      return "not_due";
    }
    if (lost() || bounced() || refundedInFull()) {
      return "canceled";
    }
    return contested() ? "on_hold" : "due";
  }
}
