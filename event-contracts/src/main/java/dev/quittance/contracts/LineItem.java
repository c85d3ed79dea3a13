package dev.quittance.contracts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of what was bought.
///
/// @param id the provider's id of the line, unique within the order
/// @param quantity how many, at least 1
/// @param amount what the whole line costs, discounts and tax included
/// @param unitAmount the price of one, before discounts
/// @param subtotal the whole line before discounts and tax
/// @param sku the shop's article number
/// @param product the provider's product id
/// @param deliveredCode a key or voucher that the customer bought; as secret as a password
public record LineItem(
    String id,
    String description,
    long quantity,
    Money amount,
    @Nullable Money unitAmount,
    @Nullable Money subtotal,
    @Nullable Money discount,
    @Nullable Money tax,
    @Nullable String sku,
    @Nullable String product,
    @Nullable String deliveredCode,
    Map<String, String> metadata) {

  /// @throws IllegalArgumentException when the quantity is below 1
  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the map out
  public LineItem {
    if (quantity < 1) {
      throw new IllegalArgumentException("a line has a quantity of at least 1");
    }
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /// A line of which only the essentials are known.
  public static LineItem of(String id, String description, long quantity, Money amount) {
    return new LineItem(
        id, description, quantity, amount, null, null, null, null, null, null, null, Map.of());
  }

  @Override
  public String toString() {
    return "LineItem[" + id + " × " + quantity + "]";
  }
}
