package dev.quittance.fulfillment.api;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.OrderView;
import jakarta.ws.rs.core.SecurityContext;

/// Orders as somebody sees them who needn't know the customers: those who only look.
final class Masked {

  private Masked() {}

  static OrderView forEyesOf(SecurityContext caller, OrderView order) {
    return caller.isUserInRole("operator") ? order : masked(order);
  }

  private static OrderView masked(OrderView order) {
    String email = order.customer().email();
    return new OrderView(
        order.id(),
        order.provider(),
        order.account(),
        order.connectedAccount(),
        order.checkoutSession(),
        order.paymentStatus(),
        order.fulfillmentStatus(),
        order.amount(),
        order.charged(),
        order.received(),
        order.refunded(),
        order.uncountedRefunds(),
        order.itemsState(),
        new Customer(
            email == null ? null : Customer.masked(email), null, null, null, null, null, null),
        order.lineItems(),
        order.totals(),
        order.reference(),
        order.description(),
        order.locale(),
        order.method(),
        order.metadata(),
        order.livemode(),
        order.placedAt(),
        order.updatedAt(),
        order.version());
  }
}
