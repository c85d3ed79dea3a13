package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A session's line items, as the API tells them once the customer can't change them any more.
final class LineItems {

  private LineItems() {}

  /// The lines, in Stripe's order. A line that the customer took out (quantity 0) is none.
  static List<LineItem> read(List<Fields> items) {
    return items.stream().map(LineItems::read).filter(Objects::nonNull).toList();
  }

  private static @Nullable LineItem read(Fields item) {
    String id = item.text("id");
    Money amount = StripeMoney.read(item, "amount_total", "currency");
    BigDecimal quantity = item.decimal("quantity");
    long count = quantity == null ? 1 : quantity.longValue();
    if (id == null || amount == null || count < 1) {
      return null;
    }
    Fields price = item.child("price");
    String description = Parties.first(item.text("description"), price.text("nickname"));
    return new LineItem(
        id,
        description == null ? "" : description,
        count,
        amount,
        unitAmount(price),
        StripeMoney.read(item, "amount_subtotal", "currency"),
        StripeMoney.read(item, "amount_discount", "currency"),
        StripeMoney.read(item, "amount_tax", "currency"),
        price.text("lookup_key"),
        price.id("product"),
        null,
        item.map("metadata"));
  }

  /// A price of fractions of a cent has no unit amount that money could hold.
  private static @Nullable Money unitAmount(Fields price) {
    try {
      return StripeMoney.read(price, "unit_amount", "currency");
    } catch (UnreadableMoney e) {
      return null;
    }
  }
}
