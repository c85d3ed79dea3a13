package dev.quittance.fulfillment.order;

import dev.quittance.contracts.About;
import dev.quittance.contracts.About.References;
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
import org.jspecify.annotations.Nullable;

/// Facts about one order of 30.00 USD with two lines: 2 × `shirt`, 1 × `mug`.
public final class Facts {

  public static final OrderId ORDER = new OrderId("stripe:pi_1");
  public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  public static final Money PRICE = usd(3000);
  public static final List<LineItem> LINES =
      List.of(LineItem.of("shirt", "Shirt", 2, usd(2000)), LineItem.of("mug", "Mug", 1, usd(1000)));

  private final OrderId order;
  private final String reference;
  private final @Nullable References references;
  private final @Nullable String connectedAccount;

  private Facts(
      OrderId order,
      String reference,
      @Nullable References references,
      @Nullable String connectedAccount) {
    this.order = order;
    this.reference = reference;
    this.references = references;
    this.connectedAccount = connectedAccount;
  }

  public static Facts of(OrderId order) {
    return new Facts(order, "A-1001", null, null);
  }

  public static Facts here() {
    return of(ORDER);
  }

  /// The same by an endpoint whose references name orders.
  public Facts naming(String number) {
    return new Facts(order, number, References.ORDER, connectedAccount);
  }

  /// The same by an endpoint whose references are any text.
  public Facts saying(String text) {
    return new Facts(order, text, null, connectedAccount);
  }

  /// The same of a payment that a platform took for one of its accounts.
  public Facts ofConnected(String account) {
    return new Facts(order, reference, references, account);
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

  /// The payment succeeded by an attempt that is named, at a minute.
  public PaymentFact attempt(String attempt, long minute) {
    return fact(
        "attempt-" + attempt,
        minute,
        about ->
            new PaymentEvent.Succeeded(
                about, PaymentDetails.of(Origin.PAYMENT, false, PRICE), attempt));
  }

  /// What an attempt brought is gone again, by the third minute.
  public PaymentFact bounced(@Nullable String attempt) {
    return fact(
        "bounced-" + attempt,
        3,
        about -> new PaymentEvent.Reversed(about, attempt, Reason.of("insufficient_funds")));
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
                PaymentDetails.of(origin, false, PRICE)
                    .with(report -> {
                      report.received = usd(cents);
                      report.released = usd(Math.max(0, PRICE.minorUnits() - cents));
                    })));
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

  private PaymentDetails checkout(ItemsState items) {
    return checkout(PRICE, items, items == ItemsState.KNOWN ? LINES : List.of());
  }

  private PaymentDetails checkout(Money amount, ItemsState items, List<LineItem> lines) {
    return PaymentDetails.of(Origin.CHECKOUT, true, amount)
        .with(report -> {
          report.itemsState = items;
          report.lineItems = lines;
          report.customer = new Customer("ada@example.com", "Ada", null, null, null, null, null);
          report.checkoutSession = "cs_1";
          report.reference = reference;
          report.metadata = Map.of("shop", "one");
        });
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
            "test",
            connectedAccount,
            references);
    var id = EventId.canonical("stripe", order.paymentReference() + "-" + event, 0);
    return new PaymentFact(id, translation, making.apply(about));
  }

  /// The same about a payment of the provider's test mode.
  public static About inTestMode(About about) {
    return new About(
        about.order(),
        about.provider(),
        about.account(),
        about.endpoint(),
        false,
        about.occurredAt(),
        about.sourceEvent(),
        about.sourceType(),
        about.connectedAccount(),
        about.references());
  }

  /// An accepted command.
  public static AcceptedCommand accepted(long number, FulfillmentCommand command) {
    return new AcceptedCommand(number, new EventId("cmd-" + number), "/test", START, command);
  }
}
