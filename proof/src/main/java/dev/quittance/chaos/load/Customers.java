package dev.quittance.chaos.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.chaos.peers.ProviderApi;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.stripe.Decline;
import dev.quittance.sandbox.stripe.PaymentMethod;
import dev.quittance.sandbox.stripe.StripeAccount;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// People who buy at a shop with two providers: each order is a story of 1 to 8 events, made by the
/// sandbox's pretended accounts. The seed decides who does what.
public final class Customers implements AutoCloseable {

  /// What a shop registers its endpoint for when it follows Stripe's advice for Checkout.
  private static final Set<String> CHECKOUT =
      Set.of(
          "checkout.session.completed",
          "checkout.session.async_payment_succeeded",
          "checkout.session.async_payment_failed",
          "checkout.session.expired",
          "refund.created",
          "refund.updated",
          "refund.failed",
          "charge.captured",
          "charge.failed",
          "charge.updated",
          "charge.dispute.created",
          "charge.dispute.updated",
          "charge.dispute.closed",
          "charge.dispute.funds_withdrawn",
          "charge.dispute.funds_reinstated");

  private static final Set<String> INTENTS =
      Set.of(
          "payment_intent.succeeded",
          "charge.failed",
          "payment_intent.payment_failed",
          "payment_intent.processing",
          "payment_intent.canceled",
          "charge.succeeded");

  private static final int PAYSUPER_PERCENT = 15;
  private static final int INTENTS_PERCENT = 20;
  private static final int TOTALS_PERCENT = 20;
  private static final int LATE_PERCENT = 20;
  private static final int TWICE_PERCENT = 10;

  /// A checkout that is tried again, or stands in two tabs.
  private static final int CART_AGAIN_PERCENT = 10;

  private static final int GAP_MS_MAX = 6_000;
  private static final int AGAIN_MS_MAX = 15_000;

  private final Random random;
  private final DocumentStore books;
  private final StripeAccount stripe;
  private final PaySuperProject paySuper;
  private final ProviderApi api;
  private final Ids ids;
  private @Nullable String lastCart;

  /// @param directory where the accounts keep their books
  /// @param api what will be asked about the orders
  public Customers(long seed, Path directory, Clock clock, ProviderApi api) {
    this.random = new Random(seed);
    this.ids = new Ids(random);
    this.books = new DocumentStore(directory.resolve("books.jsonl"));
    this.stripe = new StripeAccount(books, ids, clock, "http://127.0.0.1");
    this.paySuper = new PaySuperProject(books, ids, clock, "http://127.0.0.1");
    this.api = api;
  }

  /// What the next customer's order brings.
  List<ScheduledDelivery> next() {
    List<ProviderEvent> events =
        chance(PAYSUPER_PERCENT) ? paySuperStory() : told(stripeStory(random.nextInt(100)));
    return spread(events);
  }

  private List<ProviderEvent> told(List<ProviderEvent> all) {
    boolean intents = chance(INTENTS_PERCENT);
    boolean totalsOnly = plainRefunds(all) && chance(TOTALS_PERCENT);
    remember(all);
    return all.stream()
        .filter(event -> {
          if (event.type().equals("charge.refunded")) {
            return totalsOnly;
          }
          return (CHECKOUT.contains(event.type())
                  && !(totalsOnly && event.type().startsWith("refund.")))
              || (intents && INTENTS.contains(event.type()));
        })
        .toList();
  }

  /// Whether totals alone say what became of the money.
  private static boolean plainRefunds(List<ProviderEvent> all) {
    return all.stream().anyMatch(event -> event.type().equals("charge.refunded"))
        && all.stream()
            .filter(event -> event.type().startsWith("refund."))
            .flatMap(event -> event.object().stream())
            .allMatch(refund -> refund.path("status").asText().equals("succeeded"));
  }

  /// What the API will say about it.
  private void remember(List<ProviderEvent> all) {
    var refunds = new LinkedHashMap<String, LinkedHashMap<String, String>>();
    for (ProviderEvent event : all) {
      JsonNode object = event.object().orElseThrow();
      if (event.type().startsWith("checkout.")) {
        String session = object.path("id").asText();
        books
            .find("items:" + session)
            .ifPresent(items -> api.lineItems(session, texts(items.path("data"))));
      } else if (event.type().startsWith("refund.")) {
        refunds
            .computeIfAbsent(object.path("charge").asText(), _ -> new LinkedHashMap<>())
            .put(object.path("id").asText(), object.toString());
      }
    }
    refunds.forEach((charge, of) -> api.refunds(charge, List.copyOf(of.values())));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::toString).toList();
  }

  private List<ProviderEvent> stripeStory(int which) {
    var told = new ArrayList<ProviderEvent>();
    if (which < 3) {
      Purchase free = cart("usd");
      String session = stripe.openSession(free.withDiscount(free.subtotal()), null, null);
      told.addAll(stripe.pay(session, PaymentMethod.VISA));
      return told;
    }
    String session = stripe.openSession(cart(which < 25 ? "eur" : "usd"), null, null);
    if (which < 8) {
      told.addAll(stripe.cancel(session));
      return told;
    }
    if (which < 25) {
      told.addAll(stripe.pay(session, PaymentMethod.SEPA_DEBIT));
      if (which < 20) {
        told.addAll(stripe.settle(session));
        if (which < 11) {
          told.addAll(stripe.returnDebit(session));
        }
      } else if (which < 23) {
        told.addAll(stripe.bounce(session));
      }
      return told;
    }
    if (which < 30) {
      told.addAll(stripe.decline(session, PaymentMethod.VISA, Decline.GENERIC));
    }
    if (which >= 92 && which < 98) {
      captures(session, which < 96, told);
      return told;
    }
    told.addAll(stripe.pay(session, PaymentMethod.VISA));
    if (which >= 60 && which < 78) {
      refunds(session, told);
    } else if (which >= 78 && which < 82) {
      pendingRefund(session, told);
    } else if (which >= 82 && which < 92) {
      dispute(session, told);
    }
    return told;
  }

  /// The money is set aside at the checkout; the shop takes less than half of it, at once or in two
  /// parts, or more than all. In two parts it asks by a new version: by an old one what is let go
  /// after the second can be heard of before it, and nobody can tell that from a refund.
  private void captures(String session, boolean inPart, List<ProviderEvent> told) {
    told.addAll(stripe.authorize(session, PaymentMethod.VISA));
    long agreed = stripe.purchaseOf(session).total();
    long captured =
        inPart ? agreed / 4 + random.nextInt((int) agreed / 5) : agreed + 1 + random.nextInt(500);
    if (inPart && chance(30)) {
      told.addAll(stripe.capture(session, captured / 3, false));
      told.addAll(stripe.capture(session, captured - captured / 3, true));
    } else {
      // as shops do that ask by an older version, and by a new one
      told.addAll(stripe.capture(session, captured, true, chance(50)));
    }
    if (chance(50)) {
      Long part = chance(30) ? null : 100L + random.nextInt(200);
      told.addAll(stripe.refund(session, part, "succeeded", "requested_by_customer"));
    }
  }

  private void refunds(String session, List<ProviderEvent> told) {
    if (chance(30)) {
      told.addAll(stripe.refund(session, null, "succeeded", "requested_by_customer"));
      return;
    }
    int parts = 1 + random.nextInt(3);
    for (int i = 0; i < parts; i++) {
      told.addAll(
          stripe.refund(session, 100L + random.nextInt(200), "succeeded", "requested_by_customer"));
    }
    if (chance(20)) {
      told.addAll(stripe.failRefund(refund(told)));
    }
  }

  private void pendingRefund(String session, List<ProviderEvent> told) {
    told.addAll(stripe.refund(session, null, "pending", "requested_by_customer"));
    String refund = refund(told);
    told.addAll(chance(50) ? stripe.settleRefund(refund) : stripe.failRefund(refund));
  }

  private static String refund(List<ProviderEvent> told) {
    return told.reversed().stream()
        .filter(event -> event.type().startsWith("refund."))
        .findFirst()
        .flatMap(ProviderEvent::object)
        .orElseThrow()
        .path("id")
        .asText();
  }

  private void dispute(String session, List<ProviderEvent> told) {
    boolean inquiry = chance(20);
    List<ProviderEvent> opened = stripe.dispute(session, null, inquiry);
    told.addAll(opened);
    String dispute = opened.getFirst().object().orElseThrow().path("id").asText();
    if (chance(50)) {
      told.addAll(stripe.answerDispute(dispute));
    }
    if (chance(80)) {
      told.addAll(stripe.closeDispute(dispute, chance(50)));
    }
  }

  private List<ProviderEvent> paySuperStory() {
    String order = paySuper.open(purchase("usd"), null, chance(50) ? "eur" : null);
    if (chance(10)) {
      return List.of(paySuper.cancel(order, "05", "Do not honour"));
    }
    ProviderEvent paid = paySuper.pay(order);
    if (chance(20)) {
      return List.of(paid, paySuper.refund(order, "Requested by customer"));
    }
    return chance(10) ? List.of(paid, paySuper.chargeBack(order)) : List.of(paid);
  }

  /// Of a shop that writes its orders' numbers into the reference. Some pay one twice: each payment
  /// is then an order of its own, with a life of its own.
  private Purchase cart(String currency) {
    String again = lastCart;
    if (again != null && chance(CART_AGAIN_PERCENT)) {
      return purchase(currency).withReference(again);
    }
    lastCart = ids.make("cart-", 16);
    return purchase(currency).withReference(lastCart);
  }

  private Purchase purchase(String currency) {
    String email = ids.make("jenny-", 16).toLowerCase(Locale.ROOT) + "@example.com";
    Purchase purchase = Purchase.ordinary(currency, email);
    long price = 500L + random.nextInt(5_000);
    return purchase.withItems(
        List.of(
            new Purchase.Item("shirt", "", price, 1 + random.nextInt(3), false),
            new Purchase.Item("mug", "", 900, 1, false)));
  }

  private List<ScheduledDelivery> spread(List<ProviderEvent> events) {
    var tellings = new ArrayList<ScheduledDelivery>();
    long after = 0;
    for (ProviderEvent event : events) {
      long late = chance(LATE_PERCENT) ? random.nextInt(3 * GAP_MS_MAX) : 0;
      long again = chance(TWICE_PERCENT) ? 1L + random.nextInt(AGAIN_MS_MAX) : 0;
      tellings.add(
          new ScheduledDelivery(event, Duration.ofMillis(after + late), Duration.ofMillis(again)));
      // most of what belongs together comes together
      after += chance(60) ? random.nextInt(50) : random.nextInt(GAP_MS_MAX);
    }
    return tellings;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  @Override
  public void close() {
    books.close();
  }
}
