package dev.quittance.ingest.provider.paysuper;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Totals;
import dev.quittance.ingest.provider.Fields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a PaySuper order says about who bought what. It says all of it at once, so its line items
/// are always known.
final class PaySuperOrder {

  private PaySuperOrder() {}

  /// @param amount null where it can't be read, and nothing ships
  static PaymentDetails details(Fields order, String id, @Nullable Money amount) {
    if (amount == null) {
      return details(order, null, null, ItemsState.UNKNOWN, List.of(), null);
    }
    return details(
        order,
        amount,
        other(PaySuperMoney.readAside(order, "charge_amount", "charge_currency"), amount),
        ItemsState.KNOWN,
        lineItems(order, id, amount),
        totals(order, amount));
  }

  private static PaymentDetails details(
      Fields order,
      @Nullable Money amount,
      @Nullable Money charged,
      ItemsState itemsState,
      List<LineItem> lines,
      @Nullable Totals totals) {
    return new PaymentDetails(
        PaymentDetails.Origin.CHECKOUT,
        true,
        amount,
        charged,
        null,
        null,
        itemsState,
        lines,
        totals,
        customer(order),
        null,
        null,
        order.text("description"),
        order.child("user").text("locale"),
        null,
        method(order),
        order.map("metadata"));
  }

  /// What was charged, where that is another currency than the order's.
  static @Nullable Money other(@Nullable Money charged, Money amount) {
    return charged == null || charged.comparableWith(amount) ? null : charged;
  }

  /// Without items, the order is one line. Items have no quantity: each is one, and two of a kind
  /// come as two items of one id, which get ids of their own here.
  private static List<LineItem> lineItems(Fields order, String id, Money amount) {
    List<Fields> items = order.children("items");
    if (items.isEmpty()) {
      String description = order.text("description");
      return List.of(LineItem.of(id, description != null ? description : "", 1, amount));
    }
    var ids = new HashSet<String>();
    var lines = new ArrayList<LineItem>();
    for (Fields item : items) {
      String said =
          Objects.requireNonNullElse(Fields.first(item.text("id"), item.text("sku")), "item");
      String unique = said;
      for (int n = 2; !ids.add(unique); n++) {
        unique = said + "#" + n;
      }
      lines.add(lineItem(item, unique, items.size() == 1 ? amount : Money.zero(amount.currency())));
    }
    return lines;
  }

  /// @param otherwise what it costs when it has no price in money (virtual currencies)
  private static LineItem lineItem(Fields item, String id, Money otherwise) {
    Money said = PaySuperMoney.readAside(item, "amount", "currency");
    Money price = said != null ? said : otherwise;
    return new LineItem(
        id,
        Objects.requireNonNullElse(
            Fields.first(item.text("name"), item.text("description"), item.text("sku")), ""),
        1,
        price,
        price,
        null,
        null,
        null,
        item.text("sku"),
        item.text("id"),
        item.text("code"),
        item.map("metadata"));
  }

  private static @Nullable Totals totals(Fields order, Money amount) {
    Fields tax = order.child("tax");
    Money taxed = PaySuperMoney.readAside(tax, "amount", "currency");
    BigDecimal original = order.decimal("original_amount");
    Money subtotal =
        original == null ? null : PaySuperMoney.readAside(order, "original_amount", "currency");
    if (subtotal == null && taxed == null) {
      return null;
    }
    String type = tax.text("type");
    BigDecimal rate = tax.decimal("rate");
    return new Totals(
        subtotal,
        null,
        null,
        taxed,
        taxed != null && taxed.isPositive() && amount.equals(subtotal),
        taxed == null
            ? List.of()
            : List.of(
                new Totals.TaxLine(
                    type == null ? null : type.toUpperCase(Locale.ROOT),
                    rate == null ? null : percent(rate),
                    taxed)));
  }

  /// `0.19` is 19 percent.
  private static String percent(BigDecimal rate) {
    return rate.movePointRight(2).stripTrailingZeros().toPlainString();
  }

  private static Customer customer(Fields order) {
    Fields user = order.child("user");
    Address address = address(user.child("address"));
    String receiptEmail = order.text("receipt_email");
    return new Customer(
        receiptEmail != null ? receiptEmail : user.text("email"),
        user.text("name"),
        user.text("phone"),
        address != null ? address : address(order.child("billing_address")),
        null,
        user.text("external_id"),
        null);
  }

  private static @Nullable Address address(Fields address) {
    return address.absent()
        ? null
        : new Address(
            null,
            null,
            address.text("city"),
            address.text("state"),
            address.text("postal_code"),
            address.text("country"));
  }

  private static @Nullable PaymentMethod method(Fields order) {
    Fields method = order.child("method");
    Fields card = method.child("card");
    String type = method.text("type");
    String brand = card.text("brand");
    return type == null
        ? null
        : new PaymentMethod(
            type.toLowerCase(Locale.ROOT),
            brand == null ? null : brand.toLowerCase(Locale.ROOT),
            card.text("last4"));
  }
}
