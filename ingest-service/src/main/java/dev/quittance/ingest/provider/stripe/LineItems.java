package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A session's line items, as the API tells them once the customer can't change them any more.
final class LineItems {

  private LineItems() {}

  /// The lines, in Stripe's order. A line that the customer took out (quantity 0) is none. Empty
  /// when one of them can't be read: an order of half its lines would ship half of what was paid.
  static Optional<List<LineItem>> read(List<Fields> items) {
    try {
      return Optional.of(items.stream().map(LineItems::read).filter(Objects::nonNull).toList());
    } catch (UnreadableMoney | ArithmeticException | NoSuchElementException e) {
      return Optional.empty();
    }
  }

  /// @throws UnreadableMoney when it has no amount that could be read
  /// @throws ArithmeticException when its quantity is no whole number
  /// @throws NoSuchElementException when it has no id
  private static @Nullable LineItem read(Fields item) {
    BigDecimal quantity = item.decimal("quantity");
    long count = quantity == null ? 1 : quantity.longValueExact();
    if (count < 1) {
      return null;
    }
    String id = Optional.ofNullable(item.text("id")).orElseThrow();
    Money amount = StripeMoney.required(StripeMoney.read(item, "amount_total", "currency"));
    Fields price = item.child("price");
    String description = Fields.first(item.text("description"), price.text("nickname"));
    return new LineItem(
        id,
        description == null ? "" : description,
        count,
        amount,
        // a price of fractions of a cent has no unit amount that money could hold
        StripeMoney.readAside(price, "unit_amount", "currency"),
        StripeMoney.readAside(item, "amount_subtotal", "currency"),
        StripeMoney.readAside(item, "amount_discount", "currency"),
        StripeMoney.readAside(item, "amount_tax", "currency"),
        price.text("lookup_key"),
        price.id("product"),
        null,
        item.map("metadata"));
  }
}
