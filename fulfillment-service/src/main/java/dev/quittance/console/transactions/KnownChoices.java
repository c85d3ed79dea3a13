package dev.quittance.console.transactions;

import dev.quittance.fulfillment.persistence.OrderFigures;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What can be filtered by. A new currency may take a moment to be offered; every page asking would
/// cost more.
@ApplicationScoped
class KnownChoices {

  private static final Duration KEPT = Duration.ofSeconds(30);

  private final OrderFigures figures;
  private final Clock clock;
  private volatile @Nullable Kept kept;

  private record Kept(Instant at, OrderFigures.Choices choices) {}

  KnownChoices(OrderFigures figures, Clock clock) {
    this.figures = figures;
    this.clock = clock;
  }

  OrderFigures.Choices now() {
    Kept last = kept;
    Instant now = clock.instant();
    if (last == null || last.at().plus(KEPT).isBefore(now)) {
      last = new Kept(now, figures.choices());
      kept = last;
    }
    return last.choices();
  }
}
