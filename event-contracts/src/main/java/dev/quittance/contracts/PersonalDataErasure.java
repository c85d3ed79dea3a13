package dev.quittance.contracts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is left of facts, orders and commands once their customer was erased: who, where and in
/// whose words goes; amounts, ids, lines and times stay. Metadata and descriptions go too, because
/// shops write into them what they like. No status and no effect depends on what goes.
///
/// The one list of what is personal, for every service: a test plants a word into each text of the
/// contracts and says of each whether it stays.
public final class PersonalDataErasure {

  private PersonalDataErasure() {}

  /// The fact without its customer.
  public static PaymentFact in(PaymentFact fact) {
    return new PaymentFact(fact.id(), fact.translation(), fact.lookUp(), in(fact.event()));
  }

  /// The same of what a fact says.
  public static PaymentEvent in(PaymentEvent event) {
    return switch (event) {
      case PaymentEvent.Pending(var about, var details) ->
          new PaymentEvent.Pending(about, in(details));
      case PaymentEvent.Succeeded(var about, var details, var attempt) ->
          new PaymentEvent.Succeeded(about, in(details), attempt);
      case PaymentEvent.AttemptFailed(var about, var details, var reason) ->
          new PaymentEvent.AttemptFailed(about, in(details), Reason.of(reason.code()));
      case PaymentEvent.Failed(var about, var details, var reason) ->
          new PaymentEvent.Failed(about, in(details), Reason.of(reason.code()));
      case PaymentEvent.Canceled(var about, var details, var reason) ->
          new PaymentEvent.Canceled(about, in(details), Reason.of(reason.code()));
      case PaymentEvent.Reversed(var about, var attempt, var reason) ->
          new PaymentEvent.Reversed(about, attempt, Reason.of(reason.code()));
      case PaymentEvent.ItemsKnown(var about, var state, var items, var totals) ->
          new PaymentEvent.ItemsKnown(about, state, inItems(items), totals);
      case PaymentEvent.RefundUpdated(
              var about,
              var refund,
              var status,
              var amount,
              var charged,
              var full,
              var transaction,
              var reason) ->
          new PaymentEvent.RefundUpdated(
              about, refund, status, amount, charged, full, transaction, in(reason));
      case PaymentEvent.RefundTotalUpdated total -> total;
      case PaymentEvent.DisputeUpdated(
              var about,
              var dispute,
              var status,
              var amount,
              var reason) ->
          new PaymentEvent.DisputeUpdated(about, dispute, status, amount, in(reason));
    };
  }

  private static PaymentDetails in(PaymentDetails details) {
    return details.with(left -> {
      left.lineItems = inItems(left.lineItems);
      left.customer = Customer.UNKNOWN;
      left.description = null;
      left.locale = null;
      left.zone = null;
      left.method = in(left.method);
      left.metadata = Map.of();
    });
  }

  /// Lines without the codes that were delivered for them and what the shop wrote beside them.
  public static List<LineItem> inItems(List<LineItem> items) {
    return items.stream()
        .map(item ->
            new LineItem(
                item.id(),
                item.description(),
                item.quantity(),
                item.amount(),
                item.unitAmount(),
                item.subtotal(),
                item.discount(),
                item.tax(),
                item.sku(),
                item.product(),
                null,
                Map.of()))
        .toList();
  }

  /// How was paid, without the digits.
  public static @Nullable PaymentMethod in(@Nullable PaymentMethod method) {
    return method == null ? null : new PaymentMethod(method.type(), method.brand(), null);
  }

  /// A reason without anybody's own words.
  public static @Nullable Reason in(@Nullable Reason reason) {
    return reason == null ? null : Reason.of(reason.code());
  }

  /// The tracking without its number, which leads to an address.
  public static @Nullable Tracking in(@Nullable Tracking tracking) {
    return tracking == null ? null : new Tracking(tracking.carrier(), null);
  }

  /// The command without reasons in somebody's own words, what leads to an address, and what was
  /// delivered.
  public static FulfillmentCommand in(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete(var items, var tracking, _) ->
          new FulfillmentCommand.Complete(items, in(tracking), null);
      case FulfillmentCommand.Hold _ -> new FulfillmentCommand.Hold(null);
      case FulfillmentCommand.Release _ -> new FulfillmentCommand.Release(null);
      case FulfillmentCommand.Reverse _ -> new FulfillmentCommand.Reverse(null);
    };
  }

  /// The order without its customer, as it is shown.
  public static OrderView in(OrderView order) {
    return in(order, Customer.UNKNOWN);
  }

  /// The order with what may be left of its customer.
  public static OrderView in(OrderView order, Customer left) {
    return new OrderView(
        order.id(),
        order.provider(),
        order.account(),
        order.connectedAccount(),
        order.checkoutSession(),
        order.paymentStatus(),
        order.fulfillmentStatus(),
        order.duplicateOf(),
        order.amount(),
        order.charged(),
        order.received(),
        order.refunded(),
        order.uncountedRefunds(),
        order.itemsState(),
        left,
        order.lineItems().stream().map(PersonalDataErasure::in).toList(),
        order.totals(),
        order.reference(),
        null,
        null,
        in(order.method()),
        Map.of(),
        order.livemode(),
        order.placedAt(),
        order.updatedAt(),
        order.version());
  }

  private static OrderView.Line in(OrderView.Line line) {
    return new OrderView.Line(
        line.id(),
        line.description(),
        line.quantity(),
        line.fulfilled(),
        line.amount(),
        line.unitAmount(),
        line.subtotal(),
        line.discount(),
        line.tax(),
        line.sku(),
        line.product(),
        Map.of());
  }
}
