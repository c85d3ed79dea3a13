package dev.quittance.fulfillment.door;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Slows down whoever guesses passwords: per address, and per name from wherever.
@ApplicationScoped
class SignInThrottle {

  /// Somebody who doesn't remember which of their passwords it was.
  static final int FAILURES_PER_NAME_MAX = 5;

  /// An office behind one address.
  static final int FAILURES_PER_ADDRESS_MAX = 20;

  static final Duration WINDOW = Duration.ofMinutes(15);

  /// What is remembered at most: 2 × 10,000 small entries. Beyond, the oldest are forgotten.
  private static final int REMEMBERED_MAX = 10_000;

  private final Clock clock;
  private final Map<String, Failures> names = new Remembered();
  private final Map<String, Failures> addresses = new Remembered();

  /// How often it went wrong since when.
  private record Failures(Instant since, int count) {}

  private static final class Remembered extends LinkedHashMap<String, Failures> {

    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
      return size() > REMEMBERED_MAX;
    }
  }

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /// Counts an attempt as failed, unless it is too many already; [#succeeded] takes that back.
  /// Counting first means that attempts at the same time are all counted.
  ///
  /// @return whether it may be tried at all
  synchronized boolean attempt(String name, String address) {
    if (count(names, name) >= FAILURES_PER_NAME_MAX
        || count(addresses, address) >= FAILURES_PER_ADDRESS_MAX) {
      return false;
    }
    add(names, name);
    add(addresses, address);
    return true;
  }

  synchronized void succeeded(String name, String address) {
    names.remove(name);
    addresses.computeIfPresent(
        address, (_, failures) -> new Failures(failures.since(), failures.count() - 1));
  }

  private int count(Map<String, Failures> all, String key) {
    Failures failures = all.get(key);
    if (failures == null) {
      return 0;
    }
    if (failures.since().plus(WINDOW).isBefore(clock.instant())) {
      all.remove(key);
      return 0;
    }
    return failures.count();
  }

  private void add(Map<String, Failures> all, String key) {
    all.merge(
        key,
        new Failures(clock.instant(), 1),
        (before, one) -> new Failures(before.since(), before.count() + one.count()));
  }
}
