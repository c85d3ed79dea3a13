package dev.quittance.ingest.afterpayment;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/// How often the page may have a provider asked: each checkout every now and then, and all of them
/// together not more than so often, because anybody can open the page with whatever id.
final class AskingLimits {

  /// Far below what Stripe allows (100 a second, 25 in test mode), which the look-ups need, too.
  static final int PER_SECOND = 5;

  /// Customers come in groups: after a pause so many are asked for at once.
  static final int AT_ONCE = 20;

  /// Checkouts that are remembered, the latest; some 200 bytes each.
  static final int REMEMBERED_MAX = 10_000;

  private final Duration perSession;
  private final LinkedHashMap<SessionId, Instant> asked = new LinkedHashMap<>();
  private double left = AT_ONCE;
  private Instant filledAt;

  /// @param perSession the shortest time between two questions about one checkout
  AskingLimits(Duration perSession, Instant now) {
    this.perSession = perSession;
    this.filledAt = now;
  }

  /// Whether the provider may be asked about a checkout now; if so, it counts as asked.
  synchronized boolean admit(SessionId session, Instant now) {
    Instant last = asked.get(session);
    if (last != null && now.isBefore(last.plus(perSession))) {
      return false;
    }
    Duration passed = Duration.between(filledAt, now);
    if (passed.isPositive()) {
      left = Math.min(AT_ONCE, left + passed.toMillis() * PER_SECOND / 1_000.0);
      filledAt = now;
    }
    if (left < 1) {
      return false;
    }
    left--;
    asked.remove(session);
    asked.put(session, now);
    if (asked.size() > REMEMBERED_MAX) {
      asked.pollFirstEntry();
    }
    return true;
  }
}
