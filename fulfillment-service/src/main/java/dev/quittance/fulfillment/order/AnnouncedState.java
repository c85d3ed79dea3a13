package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentPicture;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What others know about an order so far: kept with the order, so that only differences are
/// published.
///
/// @param effect the last effect
/// @param requested whether the order was ever requested; it never is again
/// @param standing the last standing of the payment
/// @param refunded the last amount refunded
/// @param disputes the last status of each dispute, by its id
/// @param uncounted the refunds that were found to be in a foreign currency; absent where none were
public record AnnouncedState(
    Effect effect,
    boolean requested,
    PaymentPicture.Standing standing,
    @Nullable Money refunded,
    Map<String, PaymentEvent.DisputeStatus> disputes,
    @Nullable Set<String> uncounted) {

  /// Nothing so far.
  public static final AnnouncedState NOTHING =
      new AnnouncedState(Effect.NONE, false, PaymentPicture.Standing.NONE, null, Map.of(), null);

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the map out
  public AnnouncedState {
    disputes = disputes == null ? Map.of() : Map.copyOf(disputes);
    uncounted = uncounted == null || uncounted.isEmpty() ? null : Set.copyOf(uncounted);
  }

  /// How many more refunds in a foreign currency there are than before.
  public int uncountedBeyond(AnnouncedState before) {
    return size(uncounted) - size(before.uncounted);
  }

  private static int size(@Nullable Set<String> some) {
    return some == null ? 0 : some.size();
  }
}
