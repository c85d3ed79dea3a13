package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Tracking;
import org.jspecify.annotations.Nullable;

/// Whether somebody sees what is personal, which is exactly what an erased customer takes along:
/// [PersonalDataErasure] is the one list of it. What somebody doesn't see they can't search for
/// either.
public enum PersonalData {
  /// To those who act on orders.
  SHOWN,
  /// From those who only look. Of an e-mail address its first letter and its domain are left, to
  /// tell customers apart.
  MASKED;

  /// The order as they see it.
  public OrderView in(OrderView order) {
    return switch (this) {
      case SHOWN -> order;
      case MASKED -> masked(order);
    };
  }

  /// The order with what they may search it by: of a masked address not even its beginning.
  public OrderView searchable(OrderView order) {
    return switch (this) {
      case SHOWN -> order;
      case MASKED -> PersonalDataErasure.in(order);
    };
  }

  private static OrderView masked(OrderView order) {
    String email = order.customer().email();
    return email == null
        ? PersonalDataErasure.in(order)
        : PersonalDataErasure.in(
            order, new Customer(Customer.masked(email), null, null, null, null, null, null));
  }

  /// The fact as they see it.
  public PaymentFact in(PaymentFact fact) {
    return switch (this) {
      case SHOWN -> fact;
      case MASKED -> PersonalDataErasure.in(fact);
    };
  }

  /// The command as they see it.
  public FulfillmentCommand in(FulfillmentCommand command) {
    return switch (this) {
      case SHOWN -> command;
      case MASKED -> PersonalDataErasure.in(command);
    };
  }

  /// What was written to a refund, as they see it.
  public RefundRequest in(RefundRequest request) {
    return switch (this) {
      case SHOWN -> request;
      case MASKED -> request.forgotten();
    };
  }

  /// The reason as they see it.
  public @Nullable Reason in(@Nullable Reason reason) {
    return switch (this) {
      case SHOWN -> reason;
      case MASKED -> PersonalDataErasure.in(reason);
    };
  }

  /// The tracking as they see it.
  public @Nullable Tracking in(@Nullable Tracking tracking) {
    return switch (this) {
      case SHOWN -> tracking;
      case MASKED -> PersonalDataErasure.in(tracking);
    };
  }
}
