package dev.quittance.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An order as others see it: in answers of the API, in fulfilment events, and as the latest state
/// on [Topic#FULFILLMENT_ORDERS].
///
/// @param connectedAccount whose money it is, where a platform takes payments for others: the
///   provider's id of that account (Stripe Connect: `acct_…`); absent for our own
/// @param duplicateOf the order that was paid before under the same reference, where this one is
///   held for that, or was until somebody released it; absent where there is none
/// @param amount what was agreed; absent until a report said it
/// @param charged what the customer's means of payment was charged, when that is another currency
/// @param received what was received: less than the amount where only a part was captured, more
///   where more was; absent until the funds are there, and once they bounced
/// @param refunded in the order's currency, never more than was received; it stays when the payment
///   bounces afterwards
/// @param uncountedRefunds refunds in a currency that is neither the amount's nor the charged one;
///   they are in no sum, and somebody has to look at them; absent where there are none
/// @param placedAt when the order's first fact happened, by the provider's clock
/// @param updatedAt when the state last changed, by ours
/// @param version increases with every change of the state; readers drop lower ones
public record OrderView(
    OrderId id,
    String provider,
    String account,
    @Nullable String connectedAccount,
    @Nullable String checkoutSession,
    PaymentStatus paymentStatus,
    FulfillmentStatus fulfillmentStatus,
    @Nullable OrderId duplicateOf,
    @Nullable Money amount,
    @Nullable Money charged,
    @Nullable Money received,
    @Nullable Money refunded,
    @Nullable List<UncountedRefund> uncountedRefunds,
    ItemsState itemsState,
    Customer customer,
    List<Line> lineItems,
    @Nullable Totals totals,
    @Nullable String reference,
    @Nullable String description,
    @Nullable String locale,
    @Nullable PaymentMethod method,
    Map<String, String> metadata,
    boolean livemode,
    Instant placedAt,
    Instant updatedAt,
    long version) {

  /// The `ce_type` of the latest state on [Topic#FULFILLMENT_ORDERS].
  public static final String TYPE = TypeName.of("order", "state").value();

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave any of these out
  public OrderView {
    customer = customer == null ? Customer.UNKNOWN : customer;
    uncountedRefunds =
        uncountedRefunds == null || uncountedRefunds.isEmpty()
            ? null
            : List.copyOf(uncountedRefunds);
    lineItems = lineItems == null ? List.of() : List.copyOf(lineItems);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /// A line of the order and how much of it was fulfilled.
  public record Line(
      String id,
      String description,
      long quantity,
      long fulfilled,
      Money amount,
      @Nullable Money unitAmount,
      @Nullable Money subtotal,
      @Nullable Money discount,
      @Nullable Money tax,
      @Nullable String sku,
      @Nullable String product,
      Map<String, String> metadata) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the map out
    public Line {
      metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    /// A line item of which so many were fulfilled. Delivered codes stay behind.
    public static Line of(LineItem item, long fulfilled) {
      return new Line(
          item.id(),
          item.description(),
          item.quantity(),
          fulfilled,
          item.amount(),
          item.unitAmount(),
          item.subtotal(),
          item.discount(),
          item.tax(),
          item.sku(),
          item.product(),
          item.metadata());
    }

    @Override
    public String toString() {
      return "Line[" + id + " × " + quantity + ", " + fulfilled + " fulfilled]";
    }
  }

  @Override
  public String toString() {
    return "OrderView[" + id + ", " + paymentStatus + ", " + fulfillmentStatus + "]";
  }
}
