package dev.quittance.simulation;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What happens in the shop: a few orders, each with the events that a provider sends about it.
final class Scenario {

  /// An event of a provider. What it means depends on the translator's revision.
  ///
  /// @param itemsAsked whether the line items have to be asked for
  record ProviderEvent(String id, OrderId order, List<PaymentEvent> meaning, boolean itemsAsked) {

    /// The canonical events, as a translator of this revision writes them. A newer one says less
    /// with more: it leaves out the last of several.
    List<PaymentFact> translated(int revision) {
      var facts = new ArrayList<PaymentFact>();
      int n = 0;
      for (PaymentEvent event : meaning) {
        if (revision > 1 && n > 0 && n == meaning.size() - 1) {
          break;
        }
        facts.add(new PaymentFact(EventId.canonical("stripe", id, n++), revision, event));
      }
      return facts;
    }

    /// The line items, once the provider answered.
    PaymentFact items(int revision) {
      return new PaymentFact(
          EventId.canonical("stripe", id + "-items", 0),
          revision,
          new PaymentEvent.ItemsKnown(about(order, 3), ItemsState.KNOWN, LINES, null));
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
      events.add(new ProviderEvent(order.value() + "-paid", order, List.of(paid, intent), asked));
    }
    switch (world.below(6)) {
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
      default -> {
        // nothing more happens to most orders
      }
    }
  }

  private void add(OrderId order, String what, PaymentEvent event) {
    events.add(new ProviderEvent(order.value() + "-" + what, order, List.of(event), false));
  }

  private static PaymentEvent declined(OrderId order) {
    return new PaymentEvent.AttemptFailed(
        about(order, 0),
        PaymentDetails.of(Origin.PAYMENT, false, PRICE),
        Reason.of("card_declined"));
  }

  private static PaymentEvent refund(
      OrderId order, String id, RefundStatus status, long cents, int minute) {
    return new PaymentEvent.RefundUpdated(
        about(order, minute), id, status, usd(cents), null, false, null, null);
  }

  private static PaymentEvent dispute(OrderId order, DisputeStatus status, int minute) {
    return new PaymentEvent.DisputeUpdated(about(order, minute), "dp_1", status, PRICE, null);
  }

  private static PaymentDetails checkout(ItemsState items, List<LineItem> lines) {
    return new PaymentDetails(
        Origin.CHECKOUT,
        true,
        PRICE,
        null,
        null,
        null,
        items,
        lines,
        null,
        new Customer("ada@customer.example", null, null, null, null, null, null),
        "cs_1",
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private static About about(OrderId order, int minute) {
    return new About(
        order, "stripe", "stripe", "stripe", true, START.plusSeconds(60L * minute), "evt", "type");
  }

  private static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
