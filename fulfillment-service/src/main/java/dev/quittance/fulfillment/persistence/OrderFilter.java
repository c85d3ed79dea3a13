package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.order.PersonalData;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which orders are wanted; whatever is absent doesn't matter.
///
/// @param status a payment or fulfillment status by its wire name
/// @param connectedAccount the account connected to ours that was paid
/// @param method the type of the means of payment, for example `card`
/// @param amountMin at least this much, in major units of whatever currency
/// @param amountMax at most this much
/// @param from placed at or after
/// @param to placed before
/// @param text words that the order's ids or reference begin with, and, for who sees personal data,
///   the customer's e-mail address, id or name
/// @param session the id of the checkout session
/// @param oldestFirst else newest first
/// @param personal what the one who asks may see, and so be answered by
public record OrderFilter(
    @Nullable String status,
    @Nullable String paymentStatus,
    @Nullable String fulfillmentStatus,
    @Nullable String provider,
    @Nullable String account,
    @Nullable String connectedAccount,
    @Nullable String method,
    @Nullable String currency,
    @Nullable BigDecimal amountMin,
    @Nullable BigDecimal amountMax,
    @Nullable Boolean livemode,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text,
    @Nullable String session,
    boolean oldestFirst,
    PersonalData personal) {

  /// The same, but placed in another period.
  public OrderFilter between(Instant from, Instant to) {
    return new OrderFilter(
        status,
        paymentStatus,
        fulfillmentStatus,
        provider,
        account,
        connectedAccount,
        method,
        currency,
        amountMin,
        amountMax,
        livemode,
        from,
        to,
        text,
        session,
        oldestFirst,
        personal);
  }

  /// Whether an order is wanted: the same answer as the database gives.
  public boolean matches(OrderView order) {
    String paymentStatusOf = Columns.wireName(order.paymentStatus());
    String fulfillmentStatusOf = Columns.wireName(order.fulfillmentStatus());
    String methodOf = order.method() == null ? null : order.method().type();
    return (status == null || status.equals(paymentStatusOf) || status.equals(fulfillmentStatusOf))
        && isOrAny(paymentStatus, paymentStatusOf)
        && isOrAny(fulfillmentStatus, fulfillmentStatusOf)
        && isOrAny(provider, order.provider())
        && isOrAny(account, order.account())
        && isOrAny(connectedAccount, order.connectedAccount())
        && isOrAny(method, methodOf)
        && isOrAny(livemode, order.livemode())
        && isOrAny(session, order.checkoutSession())
        && amount(order.amount())
        && (from == null || !order.placedAt().isBefore(from))
        && (to == null || order.placedAt().isBefore(to))
        && (text == null || SearchWords.match(order, text, personal));
  }

  private boolean amount(@Nullable Money amount) {
    if (amount == null) {
      return currency == null && amountMin == null && amountMax == null;
    }
    return isOrAny(currency, amount.currency().getCurrencyCode())
        && (amountMin == null || amount.major().compareTo(amountMin) >= 0)
        && (amountMax == null || amount.major().compareTo(amountMax) <= 0);
  }

  private static boolean isOrAny(@Nullable Object wanted, @Nullable Object given) {
    return wanted == null || Objects.equals(wanted, given);
  }

  /// Without the text and the session, which may be somebody's name.
  @Override
  public String toString() {
    return "OrderFilter[…]";
  }
}
