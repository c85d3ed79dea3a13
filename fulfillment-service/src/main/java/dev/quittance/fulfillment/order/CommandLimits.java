package dev.quittance.fulfillment.order;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Tracking;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How large a command may be, whichever way it comes. Texts are counted in code points.
public final class CommandLimits {

  /// Ten times the lines that a Checkout Session can have.
  public static final int ITEMS_MAX = 1_000;

  /// A line's id as providers make them has at most 255 characters; so has a tracking number.
  public static final int TEXT_LENGTH_MAX = 255;

  /// Reasons are read by people, and a code may be a licence file's text.
  public static final int LONG_TEXT_LENGTH_MAX = 4_000;

  private CommandLimits() {}

  /// Which limit a command exceeds, as a sentence without content; none for one that keeps them.
  public static Optional<String> exceededBy(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete(var items, var tracking, var code) -> {
        if (items.size() > ITEMS_MAX) {
          yield Optional.of("more than " + ITEMS_MAX + " items");
        }
        for (FulfilledItem item : items) {
          if (item == null
              || item.id() == null
              || CodePoints.moreThan(TEXT_LENGTH_MAX, item.id())) {
            yield Optional.of("an item without a proper id");
          }
        }
        if (tooLong(tracking)) {
          yield Optional.of("a tracking text of more than " + TEXT_LENGTH_MAX + " characters");
        }
        yield text(code);
      }
      case FulfillmentCommand.Hold(var reason) -> text(reason);
      case FulfillmentCommand.Release(var reason) -> text(reason);
      case FulfillmentCommand.Reverse(var reason) -> text(reason);
    };
  }

  private static boolean tooLong(@Nullable Tracking tracking) {
    return tracking != null
        && (CodePoints.moreThan(TEXT_LENGTH_MAX, tracking.carrier())
            || CodePoints.moreThan(TEXT_LENGTH_MAX, tracking.number()));
  }

  private static Optional<String> text(@Nullable String text) {
    return CodePoints.moreThan(LONG_TEXT_LENGTH_MAX, text)
        ? Optional.of("a text of more than " + LONG_TEXT_LENGTH_MAX + " characters")
        : Optional.empty();
  }
}
