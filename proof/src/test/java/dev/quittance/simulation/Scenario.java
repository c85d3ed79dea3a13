package dev.quittance.simulation;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happens in the shop: a few orders, each with the events that a provider sends about it.
final class Scenario {

  /// What the provider tells when it is asked about an event.
  ///
  /// @param n of which canonical event of it; one that is there already is replaced
  record Answer(int n, PaymentEvent event) {}

  /// What has to be known of an order's money in the end, in minor units.
  record Expected(long received, long refunded) {}

  /// An event of a provider. What it means depends on the translator's revision.
  ///
  /// @param answer what has to be asked for; null when nothing has
  /// @param misread whether the first translator reads something into it that isn't there
  record ProviderEvent(
      String id,
      OrderId order,
      List<PaymentEvent> meaning,
      @Nullable Answer answer,
      boolean misread) {

    /// The canonical events, as a translator of this revision writes them. A newer one says less
    /// with more: it leaves out the last of several, and takes back what was misread.
    List<PaymentMessage> translated(int revision, Set<Flaw> flaws) {
      if (misread && revision > 1) {
        return List.of(
            new PaymentMessage.Withdrawal(
                EventId.canonical("stripe", id, 0).sourceEvent(), revision, LookUpState.NONE));
      }
      var facts = new ArrayList<PaymentMessage>();
      int n = 0;
      for (PaymentEvent event : meaning) {
        if (revision > 1 && n > 0 && n == meaning.size() - 1) {
          break;
        }
        LookUpState lookUp = answer == null ? LookUpState.NONE : LookUpState.PENDING;
        facts.add(fact(n++, revision, lookUp, flawed(event, flaws)));
      }
      return facts;
    }

    /// What the provider answered.
    PaymentMessage answered(int revision) {
      Answer told = Objects.requireNonNull(answer);
      return fact(told.n(), revision, LookUpState.KNOWN, told.event());
    }

    /// Facts go with their order; of a withdrawal nobody knows whose facts it takes.
    String key(PaymentMessage message) {
      return message instanceof PaymentMessage.Withdrawal ? id : order.value();
    }

    private PaymentMessage fact(int n, int revision, LookUpState lookUp, PaymentEvent event) {
      return new PaymentMessage.Fact(
          new PaymentFact(EventId.canonical("stripe", id, n), revision, lookUp, event));
    }

    private static PaymentEvent flawed(PaymentEvent event, Set<Flaw> flaws) {
      return switch (event) {
        case PaymentEvent.Succeeded(var about, var details, var attempt)
            when details.released() != null && flaws.contains(Flaw.RELEASES_ARE_LEFT_OUT) ->
            new PaymentEvent.Succeeded(about, taken(null, details.received(), null), attempt);
        case PaymentEvent.RefundUpdated refund
            when refund.amount().currency().getCurrencyCode().equals("EUR")
                && flaws.contains(Flaw.CURRENCIES_ARE_MIXED_UP) ->
            refund(
                refund.about(),
                refund.refund(),
                refund.status(),
                usd(refund.amount().minorUnits()),
                refund.transaction());
        case PaymentEvent.Reversed(var about, _, var reason)
            when flaws.contains(Flaw.ATTEMPTS_ARE_FORGOTTEN) ->
            new PaymentEvent.Reversed(about, null, reason);
        default -> event;
      };
    }

    @Override
    public String toString() {
      return id;
    }
  }

  private static final List<LineItem> LINES =
      List.of(LineItem.of("shirt", "Shirt", 2, usd(2000)), LineItem.of("mug", "Mug", 1, usd(1000)));
  private static final Money PRICE = usd(3000);
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final int ORDERS_MAX = 3;

  private final World world;
  final List<OrderId> orders = new ArrayList<>();
  final List<ProviderEvent> events = new ArrayList<>();
  final Map<String, Expected> expected = new HashMap<>();

  Scenario(World world) {
    this.world = world;
    int count = 1 + world.below(ORDERS_MAX);
    for (int i = 0; i < count; i++) {
      var order = new OrderId("stripe:pi_" + (10 + i));
      orders.add(order);
      happenings(order);
    }
  }

  private void happenings(OrderId order) {
    switch (world.below(7)) {
      case 0 -> captured(order);
      case 1 -> paidInEuros(order);
      case 2 -> bounced(order);
      default -> bought(order);
    }
  }

  /// The money is set aside at the checkout, and taken later: a part of it, in one capture or two,
  /// or more than all. What isn't taken is let go, which looks like a refund and is none.
  private void captured(OrderId order) {
    add(
        order,
        "set-aside",
        new PaymentEvent.Pending(about(order, 1), checkout(ItemsState.KNOWN, LINES)));
    long received = 1000;
    switch (world.below(3)) {
      case 0 -> received = 3500;
      case 1 -> {}
      default ->
          add(
              order,
              "captured-first",
              new PaymentEvent.Succeeded(about(order, 2), taken(null, usd(400), usd(2600))));
    }
    Money released = received < 3000 ? usd(3000 - received) : null;
    add(
        order,
        "captured",
        new PaymentEvent.Succeeded(about(order, 3), taken(null, usd(received), released)));
    if (released != null) {
      add(order, "release", refund(order, "re_0", RefundStatus.SUCCEEDED, 3000 - received, 4));
    }
    boolean back = world.below(2) == 0;
    if (back) {
      add(
          order,
          "refund",
          refund(about(order, 5), "re_1", RefundStatus.SUCCEEDED, usd(300), "txn_1"));
    }
    expected.put(order.value(), new Expected(received, back ? 300 : 0));
  }

  /// The customer is charged 27.00 EUR for 30.00 USD; a refund of a third of it is told in EUR.
  private void paidInEuros(OrderId order) {
    add(
        order,
        "paid",
        new PaymentEvent.Succeeded(about(order, 2), checkout(ItemsState.KNOWN, LINES)));
    add(
        order,
        "charged",
        new PaymentEvent.Succeeded(
            about(order, 2), taken(Money.ofMinor(2700, "EUR"), PRICE, null)));
    Money third = Money.ofMinor(900, "EUR");
    add(order, "refund", refund(about(order, 4), "re_1", RefundStatus.SUCCEEDED, third, "txn_1"));
    expected.put(order.value(), new Expected(3000, 1000));
  }

  /// A debit arrives and is returned by the bank, which is told late. Half of the customers have
  /// paid once more by then.
  private void bounced(OrderId order) {
    add(
        order,
        "paid",
        new PaymentEvent.Succeeded(about(order, 2), checkout(ItemsState.KNOWN, LINES)));
    add(order, "debited", attempt(order, "ch_1", 2));
    boolean again = world.below(2) == 0;
    if (again) {
      add(order, "paid-again", attempt(order, "ch_2", 3));
      expected.put(order.value(), new Expected(3000, 0));
    }
    add(
        order,
        "returned",
        new PaymentEvent.Reversed(about(order, 4), "ch_1", Reason.of("insufficient_funds")));
  }

  private static PaymentEvent attempt(OrderId order, String charge, int minute) {
    return new PaymentEvent.Succeeded(about(order, minute), taken(null, PRICE, null), charge);
  }

  private void bought(OrderId order) {
    boolean asked = world.below(2) == 0;
    if (world.below(4) == 0) {
      add(order, "declined", declined(order));
    }
    if (world.below(3) == 0) {
      add(
          order,
          "processing",
          new PaymentEvent.Pending(about(order, 1), checkout(ItemsState.KNOWN, LINES)));
    }
    if (world.below(8) == 0) {
      add(
          order,
          "gave-up",
          new PaymentEvent.Failed(
              about(order, 2),
              checkout(ItemsState.KNOWN, LINES),
              Reason.of("async_payment_failed")));
    } else {
      ItemsState items = asked ? ItemsState.PENDING : ItemsState.KNOWN;
      PaymentEvent paid =
          new PaymentEvent.Succeeded(about(order, 2), checkout(items, asked ? List.of() : LINES));
      PaymentEvent intent =
          new PaymentEvent.Succeeded(
              about(order, 2), PaymentDetails.of(Origin.PAYMENT, false, PRICE));
      var lines =
          new Answer(
              2, new PaymentEvent.ItemsKnown(about(order, 3), ItemsState.KNOWN, LINES, null));
      events.add(
          new ProviderEvent(
              order.value() + "-paid", order, List.of(paid, intent), asked ? lines : null, false));
    }
    switch (world.below(9)) {
      case 0 -> add(order, "refund", refund(order, "re_1", RefundStatus.SUCCEEDED, 1000, 4));
      case 1 -> {
        add(order, "refund", refund(order, "re_1", RefundStatus.SUCCEEDED, 3000, 4));
        add(order, "refund-failed", refund(order, "re_1", RefundStatus.FAILED, 3000, 6));
      }
      case 2 -> {
        add(order, "total", new PaymentEvent.RefundTotalUpdated(about(order, 5), usd(2500), null));
        add(order, "refund-1", refund(order, "re_1", RefundStatus.SUCCEEDED, 1000, 4));
        add(order, "refund-2", refund(order, "re_2", RefundStatus.SUCCEEDED, 1500, 5));
      }
      case 3 -> {
        add(order, "dispute", dispute(order, DisputeStatus.OPEN, 4));
        add(
            order,
            "dispute-over",
            dispute(order, world.below(2) == 0 ? DisputeStatus.WON : DisputeStatus.LOST, 5));
      }
      case 4 ->
          events.add(
              new ProviderEvent(
                  order.value() + "-refund-asked",
                  order,
                  List.of(refund(order, "re_1", RefundStatus.PENDING, 1000, 4)),
                  new Answer(0, refund(order, "re_1", RefundStatus.SUCCEEDED, 1000, 4)),
                  false));
      case 5, 6 ->
          events.add(
              new ProviderEvent(
                  order.value() + "-refund-misread",
                  order,
                  List.of(refund(order, "re_1", RefundStatus.SUCCEEDED, 3000, 4)),
                  null,
                  true));
      default -> {
        // nothing more happens to most orders
      }
    }
  }

  private void add(OrderId order, String what, PaymentEvent event) {
    events.add(new ProviderEvent(order.value() + "-" + what, order, List.of(event), null, false));
  }

  private static PaymentEvent declined(OrderId order) {
    return new PaymentEvent.AttemptFailed(
        about(order, 0),
        PaymentDetails.of(Origin.PAYMENT, false, PRICE),
        Reason.of("card_declined"));
  }

  private static PaymentEvent refund(
      OrderId order, String id, RefundStatus status, long cents, int minute) {
    return refund(about(order, minute), id, status, usd(cents), null);
  }

  private static PaymentEvent refund(
      About about, String id, RefundStatus status, Money amount, @Nullable String transaction) {
    return new PaymentEvent.RefundUpdated(
        about, id, status, amount, null, false, transaction, null);
  }

  /// What a charge says of itself.
  private static PaymentDetails taken(
      @Nullable Money charged, @Nullable Money received, @Nullable Money released) {
    return PaymentDetails.of(Origin.CHARGE, false, PRICE)
        .with(report -> {
          report.charged = charged;
          report.received = received;
          report.released = released;
        });
  }

  private static PaymentEvent dispute(OrderId order, DisputeStatus status, int minute) {
    return new PaymentEvent.DisputeUpdated(about(order, minute), "dp_1", status, PRICE, null);
  }

  private static PaymentDetails checkout(ItemsState items, List<LineItem> lines) {
    return PaymentDetails.of(Origin.CHECKOUT, true, PRICE)
        .with(report -> {
          report.itemsState = items;
          report.lineItems = lines;
          report.customer =
              new Customer("ada@customer.example", null, null, null, null, null, null);
          report.checkoutSession = "cs_1";
        });
  }

  private static About about(OrderId order, int minute) {
    return new About(
        order, "stripe", "stripe", "stripe", true, START.plusSeconds(60L * minute), "evt", "type");
  }

  private static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
