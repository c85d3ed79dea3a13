package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentPicture;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What others were told about an order so far: kept with the order, so that only differences are
/// told.
///
/// @param effect the last effect
/// @param requested whether the order was ever requested; it never is again
/// @param standing the last standing of the payment
/// @param refunded the last amount refunded
/// @param disputes the last status of each dispute, by its id
public record Told(
    Effect effect,
    boolean requested,
    PaymentPicture.Standing standing,
    @Nullable Money refunded,
    Map<String, PaymentEvent.DisputeStatus> disputes) {

  /// Nothing so far.
  public static final Told NOTHING =
      new Told(Effect.NONE, false, PaymentPicture.Standing.NONE, null, Map.of());

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the map out
  public Told {
    disputes = disputes == null ? Map.of() : Map.copyOf(disputes);
  }
}
