package dev.quittance.receipts;

import dev.quittance.contracts.About;
import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The facts of one order, made to measure.
public record Shop(OrderId order) {

  public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  public static final String EMAIL = "jane@example.com";

  /// Facts of `stripe:{reference}`.
  public static Shop order(String reference) {
    return new Shop(OrderId.of("stripe", reference));
  }

  public PaymentFact fact(int second, PaymentEvent event) {
    return fact(second, 1, event);
  }

  public PaymentFact fact(int second, int translation, PaymentEvent event) {
    return new PaymentFact(
        EventId.canonical("stripe", "evt_" + order.paymentReference() + "_" + second, 0),
        translation,
        event);
  }

  public About about(int second) {
    return new About(
        order,
        "stripe",
        "stripe",
        "stripe",
        true,
        NOON.plusSeconds(second),
        "evt_" + order.paymentReference() + "_" + second,
        "test");
  }

  /// A checkout that was paid, with its items.
  public PaymentFact paid(int second, long cents) {
    return fact(second, new PaymentEvent.Succeeded(about(second), checkout(usd(cents), EMAIL)));
  }

  /// A checkout that was paid, of which the items are still asked for.
  public PaymentFact paidItemsPending(int second, long cents) {
    return fact(
        second,
        new PaymentEvent.Succeeded(
            about(second), details(usd(cents), EMAIL, ItemsState.PENDING, List.of())));
  }

  public PaymentFact paidBy(int second, long cents, @Nullable String email) {
    return fact(second, new PaymentEvent.Succeeded(about(second), checkout(usd(cents), email)));
  }

  /// A payment that succeeded, which knows nothing of the checkout.
  public PaymentFact fundsOnly(int second, long cents) {
    return fact(
        second,
        new PaymentEvent.Succeeded(
            about(second), PaymentDetails.of(Origin.PAYMENT, false, usd(cents))));
  }

  /// A checkout that was paid by one attempt of several.
  public PaymentFact paidBy(int second, String attempt, long cents) {
    return fact(
        second, new PaymentEvent.Succeeded(about(second), checkout(usd(cents), EMAIL), attempt));
  }

  /// An attempt's money is gone again.
  public PaymentFact bounced(int second, @Nullable String attempt) {
    return fact(
        second, new PaymentEvent.Reversed(about(second), attempt, Reason.of("insufficient_funds")));
  }

  public PaymentFact pending(int second, long cents) {
    return fact(second, new PaymentEvent.Pending(about(second), checkout(usd(cents), EMAIL)));
  }

  public PaymentFact itemsKnown(int second, LineItem... items) {
    return fact(
        second, new PaymentEvent.ItemsKnown(about(second), ItemsState.KNOWN, List.of(items), null));
  }

  public PaymentFact refund(int second, String refund, RefundStatus status, long cents) {
    return fact(
        second,
        new PaymentEvent.RefundUpdated(
            about(second),
            refund,
            status,
            usd(cents),
            null,
            false,
            null,
            status == RefundStatus.FAILED ? Reason.of("expired_or_canceled_card") : null));
  }

  /// So much was received of what was agreed, or beyond it; what is missing was let go.
  public PaymentFact captured(int second, long agreed, long received) {
    return fact(
        second,
        new PaymentEvent.Succeeded(
            about(second),
            with(
                PaymentDetails.of(Origin.PAYMENT, false, usd(agreed)),
                null,
                usd(received),
                usd(Math.max(0, agreed - received)))));
  }

  /// A checkout that was paid in one currency and charged in another.
  public PaymentFact paid(int second, long cents, Money charged) {
    return fact(
        second,
        new PaymentEvent.Succeeded(
            about(second), with(checkout(usd(cents), EMAIL), charged, null, null)));
  }

  /// A refund told in any currency.
  public PaymentFact refund(int second, String refund, RefundStatus status, Money amount) {
    return fact(
        second,
        new PaymentEvent.RefundUpdated(
            about(second), refund, status, amount, null, false, null, null));
  }

  private static PaymentDetails with(
      PaymentDetails details,
      @Nullable Money charged,
      @Nullable Money received,
      @Nullable Money released) {
    return details.with(report -> {
      report.charged = charged;
      report.received = received;
      report.released = released;
    });
  }

  public PaymentFact refundTotal(int second, long cents) {
    return fact(second, new PaymentEvent.RefundTotalUpdated(about(second), usd(cents), null));
  }

  public static PaymentDetails checkout(Money amount, @Nullable String email) {
    return details(
        amount, email, ItemsState.KNOWN, List.of(LineItem.of("li_1", "A thing", 2, amount)));
  }

  public static PaymentDetails details(
      Money amount, @Nullable String email, ItemsState itemsState, List<LineItem> items) {
    return new PaymentDetails(
        Origin.CHECKOUT,
        true,
        amount,
        null,
        null,
        null,
        itemsState,
        items,
        null,
        new Customer(
            email,
            "Jane Doe",
            null,
            new Address("1 High Street", null, "London", null, "N1 9GU", "GB"),
            null,
            null,
            null),
        "cs_1",
        "order-4711",
        null,
        "en",
        null,
        new PaymentMethod("card", "visa", "4242"),
        Map.of());
  }

  public static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
