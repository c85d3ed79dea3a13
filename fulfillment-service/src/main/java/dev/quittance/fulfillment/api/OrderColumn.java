package dev.quittance.fulfillment.api;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.Shipping;
import dev.quittance.fulfillment.order.PersonalData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The columns of an exported list, in their order. New ones are added at the end of their group;
/// none changes its meaning.
enum OrderColumn {
  ID(false, OrderView::id),
  PROVIDER(false, OrderView::provider),
  ACCOUNT(false, OrderView::account),
  CHECKOUT_SESSION(false, OrderView::checkoutSession),
  REFERENCE(false, OrderView::reference),
  PAYMENT_STATUS(false, order -> lower(order.paymentStatus())),
  FULFILLMENT_STATUS(false, order -> lower(order.fulfillmentStatus())),
  AMOUNT(false, order -> decimal(order.amount())),
  CURRENCY(false, order -> currency(order.amount())),
  REFUNDED(false, order -> decimal(order.refunded())),
  CHARGED(false, order -> decimal(order.charged())),
  CHARGED_CURRENCY(false, order -> currency(order.charged())),
  ITEMS_STATE(false, order -> lower(order.itemsState())),
  ITEMS(false, OrderColumn::items),
  LIVEMODE(false, OrderView::livemode),
  PLACED_AT(false, OrderView::placedAt),
  UPDATED_AT(false, OrderView::updatedAt),
  VERSION(false, OrderView::version),
  CONNECTED_ACCOUNT(false, OrderView::connectedAccount),
  RECEIVED(false, order -> decimal(order.received())),
  DUPLICATE_OF(false, OrderView::duplicateOf),
  EMAIL(true, order -> order.customer().email()),
  NAME(true, order -> order.customer().name()),
  PHONE(true, order -> order.customer().phone()),
  CUSTOMER_ID(true, order -> order.customer().externalId()),
  TAX_ID(true, order -> order.customer().taxId()),
  ADDRESS(true, order -> address(order.customer().address())),
  COUNTRY(true, order -> country(order.customer())),
  SHIPPING_NAME(true, order -> shipping(order.customer(), Shipping::name)),
  SHIPPING_PHONE(true, order -> shipping(order.customer(), Shipping::phone)),
  SHIPPING_ADDRESS(true, order -> address(shipping(order.customer(), Shipping::address)));

  private final boolean personal;
  private final Function<OrderView, @Nullable Object> value;

  OrderColumn(boolean personal, Function<OrderView, @Nullable Object> value) {
    this.personal = personal;
    this.value = value;
  }

  /// The columns of an export: those that say who bought only where that is shown.
  static List<OrderColumn> of(PersonalData personal) {
    return Arrays.stream(values())
        .filter(column -> personal == PersonalData.SHOWN || !column.personal)
        .toList();
  }

  /// As it stands in the first line: the field's name where the API has the same.
  String title() {
    var title = new StringBuilder();
    for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
      title.append(title.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      title.append(word, 1, word.length());
    }
    return title.toString();
  }

  /// The first line, with its end.
  static String titles(List<OrderColumn> columns) {
    return Csv.line(columns.stream().map(OrderColumn::title).toList());
  }

  /// An order's line, with its end.
  static String line(List<OrderColumn> columns, OrderView order) {
    var fields = new ArrayList<@Nullable Object>(columns.size());
    columns.forEach(column -> fields.add(column.value.apply(order)));
    return Csv.line(fields);
  }

  private static String lower(Enum<?> status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String decimal(@Nullable Money money) {
    return money == null ? null : money.major().toPlainString();
  }

  private static @Nullable String currency(@Nullable Money money) {
    return money == null ? null : money.currency().getCurrencyCode();
  }

  private static String items(OrderView order) {
    return order.lineItems().stream()
        .map(line -> line.quantity() + " × " + line.description())
        .collect(Collectors.joining("; "));
  }

  private static <T> @Nullable T shipping(Customer customer, Function<Shipping, @Nullable T> part) {
    return customer.shipping() == null ? null : part.apply(customer.shipping());
  }

  private static @Nullable String country(Customer customer) {
    return customer.address() == null ? null : customer.address().country();
  }

  private static @Nullable String address(@Nullable Address address) {
    if (address == null) {
      return null;
    }
    var parts = new ArrayList<@Nullable String>();
    parts.add(address.line1());
    parts.add(address.line2());
    parts.add(address.postalCode());
    parts.add(address.city());
    parts.add(address.state());
    parts.add(address.country());
    return parts.stream()
        .filter(part -> part != null && !part.isBlank())
        .collect(Collectors.joining(", "));
  }
}
