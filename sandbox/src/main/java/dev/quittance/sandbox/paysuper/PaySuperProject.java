package dev.quittance.sandbox.paysuper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Sha256;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.problem.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A pretended PaySuper project: its orders, and the notifications about them.
public final class PaySuperProject {

  private static final BigDecimal VAT = new BigDecimal("0.19");

  /// What one unit of any currency costs in any other here. Made up: it serves to have orders that
  /// are charged in another currency, as the provider's own example is.
  private static final BigDecimal RATE = new BigDecimal("0.92");

  /// As the order's template has it.
  private static final String USUAL_CARD = "0002";

  private final DocumentStore documents;
  private final Ids ids;
  private final Clock clock;
  private final String publicUrl;

  /// @param publicUrl where browsers find the payment form
  public PaySuperProject(DocumentStore documents, Ids ids, Clock clock, String publicUrl) {
    this.documents = documents;
    this.ids = ids;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  /// Creates an order that is to be paid.
  ///
  /// @param id the order's id; null for a new one
  /// @param chargeCurrency what the customer's card is charged in; null for the order's currency
  /// @return the order's id
  public synchronized String open(
      Purchase purchase, @Nullable String id, @Nullable String chargeCurrency) {
    ObjectNode order = made(purchase, id, chargeCurrency);
    keep(order);
    return order.get("id").asText();
  }

  private ObjectNode made(Purchase purchase, @Nullable String id, @Nullable String chargeCurrency) {
    String orderId = id == null ? ids.uuid() : id;
    ObjectNode order = JsonText.template("/paysuper/order.json");
    order.put("id", orderId);
    order.put(
        "transaction", Integer.toString(1_000_000 + Math.floorMod(orderId.hashCode(), 8_999_999)));
    order.put("description", description(purchase));
    order.put("created_at", now());
    order.put("receipt_email", purchase.email());
    order.put("receipt_id", ids.uuid());
    order.put(
        "receipt_url",
        publicUrl + "/receipt/purchase/" + order.get("receipt_id").asText() + "/" + orderId);
    if (purchase.reference() != null) {
      ((ObjectNode) order.get("issuer"))
          .put("reference", purchase.reference())
          .put("reference_type", "order");
    }
    order.set("user", user(purchase));
    order.set("metadata", JsonText.tree(purchase.metadata()));
    order.put("is_production", purchase.livemode());
    price(order, purchase, chargeCurrency);
    ((ObjectNode) order.path("method").path("card")).put("fingerprint", ids.hex(32));
    return order;
  }

  /// Whether an id names an order of this project.
  public boolean knows(String orderId) {
    return documents.find(key(orderId)).isPresent();
  }

  /// The order as it is now.
  public synchronized ObjectNode order(String orderId) {
    return documents
        .find(key(orderId))
        .orElseThrow(() -> Refusal.notFound("The sandbox knows no order " + orderId + "."));
  }

  /// Whether the order was paid, and not given back since.
  public boolean paid(String orderId) {
    return order(orderId).get("status").asText().equals("processed");
  }

  /// The customer pays with the usual card.
  public ProviderEvent pay(String orderId) {
    return pay(orderId, USUAL_CARD);
  }

  /// The customer pays.
  ///
  /// @param card the last four digits of the card's number
  public synchronized ProviderEvent pay(String orderId, String card) {
    ObjectNode order = inStatus(orderId, "created");
    order.put("status", "processed");
    if (order.path("method").get("card") instanceof ObjectNode used) {
      String first6 = used.path("first6").asText();
      used.put("last4", card).put("masked", first6 + "..." + card);
    }
    keep(order);
    return event("payment.success", order);
  }

  /// The bank refuses, for good.
  public synchronized ProviderEvent cancel(String orderId, String code, String reason) {
    ObjectNode order = inStatus(orderId, "created");
    order.put("status", "rejected").put("canceled", true).put("canceled_at", now());
    order.putObject("cancellation").put("code", code).put("reason", reason);
    keep(order);
    return event("payment.cancel", order);
  }

  /// All the money goes back; PaySuper tells of no parts.
  public synchronized ProviderEvent refund(String orderId, String reason) {
    return giveBack(orderId, "refunded", "payment.refund", reason);
  }

  /// The customer's bank takes the money back.
  public synchronized ProviderEvent chargeBack(String orderId) {
    return giveBack(orderId, "chargeback", "payment.chargeback", "Chargeback by the card's issuer");
  }

  /// Somebody presses Test in the dashboard: a made-up order comes by the real notifier, under the
  /// real secret, live as the project is. It is kept nowhere.
  ///
  /// @param livemode whether the project takes real money
  public synchronized ProviderEvent test(Purchase purchase, boolean livemode) {
    ObjectNode order = made(purchase, null, null);
    order.put("status", "processed").put("is_production", livemode);
    order.put("testing_case", "correct_payment");
    return event("payment.success", order);
  }

  /// The shop is asked whether it takes a customer.
  public synchronized ProviderEvent validate(Purchase purchase) {
    ObjectNode user = user(purchase);
    user.put("object", "user").put("notify_new_region", false).put("notify_new_region_email", "");
    return event("user.validate", user);
  }

  /// Tells of an order once more as it is now.
  public synchronized ProviderEvent again(String type, String orderId) {
    return event(type, order(orderId));
  }

  private ProviderEvent giveBack(String orderId, String status, String type, String reason) {
    ObjectNode order = inStatus(orderId, "processed");
    order.put("status", status).put("refunded", true).put("refunded_at", now());
    ObjectNode refund = order.putObject("refund");
    refund.set("amount", order.get("charge_amount"));
    refund.set("currency", order.get("charge_currency"));
    refund.put("reason", reason);
    refund.put("code", status.equals("refunded") ? "1" : "2");
    refund.put("receipt_number", ids.uuid());
    refund.put("receipt_url", publicUrl + "/receipt/refund/" + ids.uuid() + "/" + orderId);
    keep(order);
    return event(type, order);
  }

  private ObjectNode inStatus(String orderId, String status) {
    ObjectNode order = order(orderId);
    String actual = order.get("status").asText();
    if (!actual.equals(status)) {
      throw Refusal.conflict("The order is " + actual + ", but would have to be " + status + ".");
    }
    return order;
  }

  private void price(ObjectNode order, Purchase purchase, @Nullable String chargeCurrency) {
    Money total = Money.ofMinor(purchase.total(), purchase.currency());
    String currency = total.currency().getCurrencyCode();
    BigDecimal net =
        total
            .major()
            .divide(
                BigDecimal.ONE.add(VAT), Money.exponent(total.currency()), RoundingMode.HALF_UP);
    order.put("amount", plain(total.major())).put("currency", currency);
    order.put("original_amount", plain(net));
    ((ObjectNode) order.get("tax"))
        .put("rate", VAT)
        .put("amount", plain(total.major().subtract(net)))
        .put("currency", currency);
    String charging = chargeCurrency == null ? currency : chargeCurrency.toUpperCase(Locale.ROOT);
    BigDecimal charged =
        charging.equals(currency)
            ? total.major()
            : total.major().multiply(RATE).setScale(2, RoundingMode.HALF_UP);
    order.put("charge_amount", plain(charged));
    order.put("charge_currency", charging);
    BigDecimal fee = charged.multiply(new BigDecimal("0.05")).setScale(2, RoundingMode.HALF_UP);
    ((ObjectNode) order.get("fee")).put("amount", plain(fee));
    ((ObjectNode) order.get("net_revenue")).put("amount", plain(charged.subtract(fee)));
    order.set("items", items(purchase, currency));
    order.put("type", purchase.items().isEmpty() ? "simple" : "product");
  }

  /// PaySuper's items have no quantity: what is bought twice is listed twice.
  private ArrayNode items(Purchase purchase, String currency) {
    ArrayNode items = JsonText.object().putArray("items");
    for (Purchase.Item item : purchase.items()) {
      for (long n = 0; n < item.quantity(); n++) {
        ObjectNode line = items.addObject();
        line.put("id", ids.hex(24));
        line.put("object", "product");
        line.put("sku", item.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
        line.put("name", item.name());
        line.put("description", item.description());
        line.put("amount", plain(Money.ofMinor(item.unitAmount(), currency).major()));
        line.put("currency", currency);
        line.putArray("images");
        line.put("url", "");
        line.putObject("metadata");
        line.put("platform_id", "");
        line.put("code", "");
      }
    }
    return items;
  }

  private ObjectNode user(Purchase purchase) {
    ObjectNode user = JsonText.template("/paysuper/user.json");
    user.put("id", ids.hex(24));
    user.put("external_id", ids.uuid());
    user.put("name", purchase.name());
    user.put("email", purchase.email());
    if (purchase.locale() != null) {
      user.put("locale", purchase.locale());
    }
    return user;
  }

  private static String description(Purchase purchase) {
    return purchase.items().isEmpty()
        ? "A purchase in the sandbox"
        : String.join(", ", purchase.items().stream().map(Purchase.Item::name).toList());
  }

  private void keep(ObjectNode order) {
    documents.put(key(order.get("id").asText()), order);
  }

  private static String key(String orderId) {
    return "paysuper:" + orderId;
  }

  private String now() {
    return clock.instant().toString();
  }

  private ProviderEvent event(String type, ObjectNode object) {
    String objectId = object.get("id").asText();
    String id = Sha256.hex((objectId + type).getBytes(StandardCharsets.UTF_8));
    ObjectNode envelope = JsonText.object();
    envelope.put("id", id);
    envelope.put("type", "notification");
    envelope.put("event", type);
    envelope.put("live", object.path("is_production").asBoolean());
    envelope.put("created_at", now());
    envelope.put("expires_at", "");
    envelope.put("delivery_try", 0);
    envelope.set("object", object.deepCopy());
    boolean payment = !type.startsWith("user.");
    String email = object.path(payment ? "receipt_email" : "email").asText();
    return new ProviderEvent(
        Provider.PAYSUPER, id, type, payment ? "paysuper:" + objectId : null, email, envelope);
  }

  private static BigDecimal plain(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
