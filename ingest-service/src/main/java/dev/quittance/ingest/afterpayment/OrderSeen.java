package dev.quittance.ingest.afterpayment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.quittance.contracts.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of an order its customer may see. Whatever else fulfillment-service tells, who paid above
/// all, is not even read.
///
/// @param paymentStatus as it stands on the wire; a later version may know more than this one
/// @param fulfillmentStatus as it stands on the wire
/// @param itemsState as it stands on the wire
@JsonIgnoreProperties(ignoreUnknown = true)
record OrderSeen(
    @Nullable String paymentStatus,
    @Nullable String fulfillmentStatus,
    @Nullable String itemsState,
    @Nullable Money amount,
    @Nullable Money received,
    @Nullable Money refunded,
    List<Line> lineItems) {

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
  OrderSeen {
    lineItems = lineItems == null ? List.of() : List.copyOf(lineItems);
  }

  /// What it came to: what was received, once it was; until then what was agreed.
  @Nullable Money total() {
    return received != null ? received : amount;
  }

  /// Whether line items may still come.
  boolean itemsComing() {
    return "pending".equals(itemsState);
  }

  /// One line of what was bought.
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Line(@Nullable String description, long quantity, @Nullable Money amount) {}
}
