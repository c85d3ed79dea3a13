package dev.quittance.messaging.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Orders of which a row was refused by the brokers: none of their rows is sent until it is tried
/// again.
final class QuarantinedOrders {

  /// Someone has to act before it gets better; meanwhile one try every half minute shows that it
  /// has.
  private static final Duration TERM = Duration.ofSeconds(30);

  private final Map<String, Long> until = new HashMap<>();

  void add(String order, long now) {
    until.put(order, now + TERM.toNanos());
  }

  Set<String> orders(long now) {
    until.values().removeIf(end -> end - now <= 0);
    return until.keySet();
  }
}
