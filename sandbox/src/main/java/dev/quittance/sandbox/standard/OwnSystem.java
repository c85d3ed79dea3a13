package dev.quittance.sandbox.standard;

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
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pretended system of the shop's own: its payments, and what it tells of them in our documents.
public final class OwnSystem {

  private final DocumentStore documents;
  private final Ids ids;
  private final Clock clock;

  public OwnSystem(DocumentStore documents, Ids ids, Clock clock) {
    this.documents = documents;
    this.ids = ids;
    this.clock = clock;
  }

  /// Writes a payment down that is to be told of.
  ///
  /// @param id its id; null for a new one
  /// @return the payment's id
  public String open(Purchase purchase, @Nullable String id) {
    String payment = id == null ? ids.make("order-", 12) : id;
    ObjectNode data = JsonText.object();
    data.put("payment", payment).put("livemode", purchase.livemode());
    data.set("amount", money(purchase.total(), purchase.currency()));
    data.set("items", items(purchase));
    data.putObject("customer").put("email", purchase.email()).put("name", purchase.name());
    data.put("checkoutSession", ids.make("visit_", 24));
    if (purchase.reference() != null) {
      data.put("reference", purchase.reference());
    }
    if (purchase.locale() != null) {
      data.put("locale", purchase.locale());
    }
    data.set("metadata", JsonText.tree(purchase.metadata()));
    documents.put(key(payment), data);
    return payment;
  }

  /// Whether an id names a payment of this system.
  public boolean knows(String payment) {
    return documents.find(key(payment)).isPresent();
  }

  /// How the payment itself stands.
  ///
  /// @param type `payment.succeeded` and the like
  /// @param reason the code of why it failed; null where it didn't
  public ProviderEvent payment(String payment, String type, @Nullable String reason) {
    ObjectNode data = found(payment).deepCopy();
    if (reason != null) {
      data.putObject("reason").put("code", reason);
    }
    return event(type, data, payment);
  }

  /// Money goes back.
  ///
  /// @param minorUnits how much; empty for all of it
  public ProviderEvent refund(String payment, Optional<Long> minorUnits, String status) {
    ObjectNode paid = found(payment);
    ObjectNode data = JsonText.object();
    data.put("payment", payment).put("livemode", paid.path("livemode").asBoolean());
    data.put("refund", ids.make("refund-", 12)).put("status", status);
    ObjectNode amount = paid.path("amount").deepCopy();
    minorUnits.ifPresent(some -> amount.put("minorUnits", some));
    data.set("amount", amount);
    data.putObject("reason").put("code", "requested_by_customer");
    return event("refund.updated", data, payment);
  }

  /// A payment that had succeeded is gone again.
  public ProviderEvent reversal(String payment, String reason) {
    ObjectNode data = JsonText.object();
    data.put("payment", payment);
    data.put("livemode", found(payment).path("livemode").asBoolean());
    data.putObject("reason").put("code", reason);
    return event("payment.reversed", data, payment);
  }

  /// The customer's bank disputes the payment; the same dispute each time.
  public ProviderEvent dispute(String payment, String status) {
    ObjectNode paid = found(payment);
    ObjectNode data = JsonText.object();
    data.put("payment", payment).put("livemode", paid.path("livemode").asBoolean());
    data.put("dispute", "dispute-" + payment).put("status", status);
    data.set("amount", paid.path("amount").deepCopy());
    data.putObject("reason").put("code", "fraudulent");
    return event("dispute.updated", data, payment);
  }

  private ProviderEvent event(String type, ObjectNode data, String payment) {
    ObjectNode envelope = JsonText.object();
    envelope.put("type", type).put("timestamp", clock.instant().toString()).set("data", data);
    return new ProviderEvent(
        Provider.STANDARD,
        ids.make("msg_", 24),
        type,
        Provider.STANDARD.wireName() + ":" + payment,
        found(payment).path("customer").path("email").asText(),
        envelope);
  }

  private ObjectNode found(String payment) {
    return documents
        .find(key(payment))
        .orElseThrow(() -> Refusal.notFound("The sandbox knows no payment " + payment + "."));
  }

  private static ArrayNode items(Purchase purchase) {
    ArrayNode items = JsonText.object().putArray("items");
    int number = 1;
    for (Purchase.Item item : purchase.items()) {
      long total = Math.multiplyExact(item.unitAmount(), item.quantity());
      ObjectNode line = items.addObject();
      line.put("id", Integer.toString(number++));
      line.put("description", item.name()).put("quantity", item.quantity());
      line.set("unitAmount", money(item.unitAmount(), purchase.currency()));
      line.set("amount", money(total, purchase.currency()));
    }
    return items;
  }

  private static ObjectNode money(long minorUnits, String currency) {
    return JsonText.object()
        .put("minorUnits", minorUnits)
        .put("currency", currency.toUpperCase(Locale.ROOT));
  }

  private static String key(String payment) {
    return "standard:" + payment;
  }
}
