package dev.quittance.ingest.provider.standard;

import static dev.quittance.ingest.provider.standard.StrictDocument.ID_LENGTH_MAX;
import static dev.quittance.ingest.provider.standard.StrictDocument.TEXT_LENGTH_MAX;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Shipping;
import dev.quittance.contracts.Totals;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the documents about a payment say of it.
final class PaymentDocuments {

  /// More of one thing is a mistake in the unit.
  private static final long QUANTITY_MAX = 1_000_000_000;

  /// RFC 5321 allows 254.
  private static final int EMAIL_LENGTH_MAX = 254;

  private PaymentDocuments() {}

  static PaymentDetails details(StrictDocument payment) {
    List<LineItem> items = payment.children("items", PaymentDocuments::item);
    if (items != null) {
      unique(items, payment);
    }
    Money amount = payment.requiredMoney("amount");
    Money received = payment.optionalMoney("received");
    if (received != null && !received.comparableWith(amount)) {
      throw new StrictDocument.Unfit(
          payment.path() + ".received", "must be in the amount's currency");
    }
    if (received != null && !received.isPositive() && amount.isPositive()) {
      throw new StrictDocument.UnfitMoney(
          new StrictDocument.Unfit(
              payment.path() + ".received", "must be more than nothing; leave it out until paid"));
    }
    return new PaymentDetails(
        PaymentDetails.Origin.CHECKOUT,
        true,
        amount,
        payment.moneyAside("charged"),
        received,
        null,
        items == null ? ItemsState.UNKNOWN : ItemsState.KNOWN,
        items == null ? List.of() : items,
        totals(payment.child("totals")),
        customer(payment.child("customer")),
        payment.text("checkoutSession", ID_LENGTH_MAX),
        payment.text("reference", ID_LENGTH_MAX),
        payment.words("description", TEXT_LENGTH_MAX),
        payment.textAside("locale", ID_LENGTH_MAX),
        payment.textAside("timeZone", ID_LENGTH_MAX),
        method(payment.child("method")),
        payment.map("metadata"));
  }

  /// Which attempt to pay it is about, where the system counts them.
  static @Nullable String attempt(StrictDocument payment) {
    return payment.text("attempt", ID_LENGTH_MAX);
  }

  /// Why something happened; a code that is asked for in any case, so that people find it.
  static Reason reason(StrictDocument about, String otherwise) {
    Reason reason = reason(about);
    return reason == null ? Reason.of(otherwise) : reason;
  }

  static @Nullable Reason reason(StrictDocument about) {
    StrictDocument reason = about.child("reason");
    return reason == null
        ? null
        : new Reason(
            reason.requiredText("code", ID_LENGTH_MAX), reason.words("message", TEXT_LENGTH_MAX));
  }

  /// Fulfillments name lines by their ids.
  private static void unique(List<LineItem> items, StrictDocument payment) {
    var ids = new HashSet<String>();
    for (int n = 0; n < items.size(); n++) {
      if (!ids.add(items.get(n).id())) {
        throw new StrictDocument.Unfit(
            payment.path() + ".items[" + n + "].id", "must be no other item's id");
      }
    }
  }

  private static LineItem item(StrictDocument item) {
    Long quantity = item.number("quantity", 1, QUANTITY_MAX);
    return new LineItem(
        item.requiredId("id"),
        item.requiredWords("description", TEXT_LENGTH_MAX),
        quantity == null ? 1 : quantity,
        item.requiredMoney("amount"),
        item.moneyAside("unitAmount"),
        item.moneyAside("subtotal"),
        item.moneyAside("discount"),
        item.moneyAside("tax"),
        item.text("sku", ID_LENGTH_MAX),
        item.text("product", ID_LENGTH_MAX),
        null,
        item.map("metadata"));
  }

  private static @Nullable Totals totals(@Nullable StrictDocument totals) {
    return totals == null
        ? null
        : new Totals(
            totals.moneyAside("subtotal"),
            totals.moneyAside("discount"),
            totals.moneyAside("shipping"),
            totals.moneyAside("tax"),
            totals.is("taxIncluded"),
            List.of());
  }

  private static Customer customer(@Nullable StrictDocument customer) {
    return customer == null
        ? Customer.UNKNOWN
        : new Customer(
            customer.text("email", EMAIL_LENGTH_MAX),
            customer.words("name", ID_LENGTH_MAX),
            customer.textAside("phone", ID_LENGTH_MAX),
            address(customer.child("address")),
            shipping(customer.child("shipping")),
            customer.text("externalId", ID_LENGTH_MAX),
            customer.text("taxId", ID_LENGTH_MAX));
  }

  private static @Nullable Shipping shipping(@Nullable StrictDocument shipping) {
    return shipping == null
        ? null
        : new Shipping(
            shipping.words("name", ID_LENGTH_MAX),
            shipping.textAside("phone", ID_LENGTH_MAX),
            address(shipping.child("address")));
  }

  private static @Nullable Address address(@Nullable StrictDocument address) {
    return address == null
        ? null
        : new Address(
            address.words("line1", ID_LENGTH_MAX),
            address.words("line2", ID_LENGTH_MAX),
            address.words("city", ID_LENGTH_MAX),
            address.words("state", ID_LENGTH_MAX),
            address.words("postalCode", ID_LENGTH_MAX),
            address.words("country", ID_LENGTH_MAX));
  }

  private static @Nullable PaymentMethod method(@Nullable StrictDocument method) {
    return method == null
        ? null
        : new PaymentMethod(
            method.requiredWords("type", ID_LENGTH_MAX),
            method.words("brand", ID_LENGTH_MAX),
            method.textAside("last4", 4));
  }
}
