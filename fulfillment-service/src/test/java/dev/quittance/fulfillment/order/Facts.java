package dev.quittance.fulfillment.order;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
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
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Facts about one order of 30.00 USD with two lines: 2 × `shirt`, 1 × `mug`.
public final class Facts {

  public static final OrderId ORDER = new OrderId("stripe:pi_1");
  public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  public static final Money PRICE = usd(3000);
  public static final List<LineItem> LINES =
      List.of(LineItem.of("shirt", "Shirt", 2, usd(2000)), LineItem.of("mug", "Mug", 1, usd(1000)));

  private final OrderId order;

  private Facts(OrderId order) {
    this.order = order;
  }

  public static Facts of(OrderId order) {
    return new Facts(order);
  }

  public static Facts here() {
    return new Facts(ORDER);
  }

  public static Money usd(long cents) {
    return Money.ofMinor(cents, "usd");
  }

  /// The checkout was paid, and its line items are told at once.
  public PaymentFact paid() {
    return fact("paid", 1, about -> new PaymentEvent.Succeeded(about, checkout(ItemsState.KNOWN)));
  }

  /// The checkout was paid, and its line items are still asked for.
  public PaymentFact paidItemsPending() {
    return fact(
        "paid-early", 1, about -> new PaymentEvent.Succeeded(about, checkout(ItemsState.PENDING)));
  }

  /// The payment succeeded, but this report doesn't say who bought what.
  public PaymentFact uncarried() {
    return fact(
        "intent",
        1,
        about ->
            new PaymentEvent.Succeeded(about, PaymentDetails.of(Origin.PAYMENT, false, PRICE)));
  }

  public PaymentFact pending() {
    return fact("pending", 0, about -> new PaymentEvent.Pending(about, checkout(ItemsState.KNOWN)));
  }

  public PaymentFact attemptFailed() {
    return fact(
        "declined",
        0,
        about ->
            new PaymentEvent.AttemptFailed(
                about,
                PaymentDetails.of(Origin.PAYMENT, false, PRICE),
                Reason.of("card_declined")));
  }

  public PaymentFact failed() {
    return fact(
        "failed",
        2,
        about ->
            new PaymentEvent.Failed(
                about, checkout(ItemsState.KNOWN), Reason.of("insufficient_funds")));
  }

  public PaymentFact expired() {
    return fact(
        "expired",
        2,
        about ->
            new PaymentEvent.Canceled(about, checkout(ItemsState.KNOWN), Reason.of("expired")));
  }

  public PaymentFact free() {
    return fact(
        "free",
        1,
        about -> new PaymentEvent.Succeeded(about, checkout(usd(0), ItemsState.KNOWN, LINES)));
  }

  public PaymentFact itemsKnown() {
    return fact(
        "items", 2, about -> new PaymentEvent.ItemsKnown(about, ItemsState.KNOWN, LINES, null));
  }

  public PaymentFact itemsUnknown() {
    return fact(
        "no-items",
        2,
        about -> new PaymentEvent.ItemsKnown(about, ItemsState.UNKNOWN, List.of(), null));
  }

  public PaymentFact refund(String id, RefundStatus status, long cents) {
    return fact(
        "refund-" + id + "-" + status + "-" + cents,
        3,
        about ->
            new PaymentEvent.RefundUpdated(about, id, status, usd(cents), null, false, null, null));
  }

  /// So much of an authorization was captured, and the rest of the price let go.
  public PaymentFact captured(Origin origin, long cents) {
    return fact(
        "captured-" + origin + "-" + cents,
        1,
        about ->
            new PaymentEvent.Succeeded(
                about,
                new PaymentDetails(
                    origin,
                    false,
                    PRICE,
                    null,
                    usd(cents),
                    usd(Math.max(0, PRICE.minorUnits() - cents)),
                    ItemsState.PENDING,
                    List.of(),
                    null,
                    Customer.UNKNOWN,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Map.of())));
  }

  /// A total that says what was let go.
  public PaymentFact refundTotal(long cents, long released) {
    return fact(
        "total-" + cents + "-of-" + released,
        4,
        about -> new PaymentEvent.RefundTotalUpdated(about, usd(cents), usd(released)));
  }

  /// A refund in any currency.
  public PaymentFact refundIn(Money amount, String id) {
    return fact(
        "refund-" + id + "-" + amount,
        3,
        about ->
            new PaymentEvent.RefundUpdated(
                about, id, RefundStatus.SUCCEEDED, amount, null, false, null, null));
  }

  public PaymentFact refundTotal(long cents) {
    return fact(
        "total-" + cents, 4, about -> new PaymentEvent.RefundTotalUpdated(about, usd(cents), null));
  }

  public PaymentFact dispute(String id, DisputeStatus status) {
    return fact(
        "dispute-" + id + "-" + status,
        5,
        about -> new PaymentEvent.DisputeUpdated(about, id, status, PRICE, null));
  }

  private static PaymentDetails checkout(ItemsState items) {
    return checkout(PRICE, items, items == ItemsState.KNOWN ? LINES : List.of());
  }

  private static PaymentDetails checkout(Money amount, ItemsState items, List<LineItem> lines) {
    return new PaymentDetails(
        Origin.CHECKOUT,
        true,
        amount,
        null,
        null,
        null,
        items,
        lines,
        null,
        new Customer("ada@example.com", "Ada", null, null, null, null, null),
        "cs_1",
        "A-1001",
        null,
        null,
        null,
        null,
        Map.of("shop", "one"));
  }

  /// A fact of our own making.
  public PaymentFact fact(String event, long minute, Function<About, PaymentEvent> making) {
    return fact(event, 1, minute, making);
  }

  /// A fact of our own making, by a given revision of the translator.
  public PaymentFact fact(
      String event, int translation, long minute, Function<About, PaymentEvent> making) {
    var about =
        new About(
            order,
            "stripe",
            order.account(),
            "stripe",
            true,
            START.plusSeconds(60 * minute),
            event,
            "test");
    var id = EventId.canonical("stripe", order.paymentReference() + "-" + event, 0);
    return new PaymentFact(id, translation, making.apply(about));
  }

  /// An accepted command.
  public static AcceptedCommand accepted(long number, FulfillmentCommand command) {
    return new AcceptedCommand(number, new EventId("cmd-" + number), "/test", START, command);
  }
}
