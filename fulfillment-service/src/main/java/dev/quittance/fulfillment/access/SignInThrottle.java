package dev.quittance.fulfillment.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Slows down whoever guesses passwords, and not whom they guess at. What goes wrong is counted for
/// a name from one address; for an address; and for a name from wherever, for those who guess from
/// many addresses. A browser that the name has signed in by before is counted for itself alone, so
/// that the right one always has a way in (OWASP's device cookies).
@ApplicationScoped
class SignInThrottle {

  /// Somebody who doesn't remember which of their passwords it was.
  static final int FAILURES_PER_NAME_AND_ADDRESS_MAX = 5;

  /// An office behind one address.
  static final int FAILURES_PER_ADDRESS_MAX = 20;

  /// From wherever: 4,800 guesses a day, of which any password that isn't on the lists holds. Low
  /// enough to stop a network of guessers, too high for a few people's play to reach.
  static final int FAILURES_PER_NAME_MAX = 50;

  static final Duration WINDOW = Duration.ofMinutes(15);

  /// What is remembered at most: 3 × 10,000 small entries. Beyond, the oldest are forgotten.
  private static final int REMEMBERED_MAX = 10_000;

  private final Clock clock;
  private final Counted pairs = new Counted(FAILURES_PER_NAME_AND_ADDRESS_MAX);
  private final Counted addresses = new Counted(FAILURES_PER_ADDRESS_MAX);
  private final Counted names = new Counted(FAILURES_PER_NAME_MAX);

  /// How often it went wrong since when.
  private record Failures(Instant since, int count) {}

  private static final class Counted extends LinkedHashMap<String, Failures> {

    private static final long serialVersionUID = 1;

    private final int max;

    Counted(int max) {
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
      return size() > REMEMBERED_MAX;
    }
  }

  private record Place(Counted counted, String key) {}

  /// Somebody's attempt.
  ///
  /// @param browser by which the name has signed in before, else null
  record Attempt(String name, String address, @Nullable String browser) {

    /// Some type their password where the name belongs.
    @Override
    public String toString() {
      return "Attempt[…]";
    }
  }

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /// Counts an attempt as failed, unless it is too many already; [#succeeded] takes that back.
  /// Counting first means that attempts at the same time are all counted.
  ///
  /// @return whether it may be tried at all
  synchronized boolean begin(Attempt attempt) {
    List<Place> places = places(attempt);
    if (places.stream().anyMatch(place -> count(place) >= place.counted().max)) {
      return false;
    }
    places.forEach(place -> add(place, 1));
    return true;
  }

  /// The password was right: what the same person got wrong before it is forgiven, and what others
  /// got wrong is not.
  synchronized void succeeded(Attempt attempt) {
    List<Place> places = places(attempt);
    places.getFirst().counted().remove(places.getFirst().key());
    places.stream().skip(1).forEach(place -> add(place, -1));
  }

  /// The attempt was not made after all.
  synchronized void untried(Attempt attempt) {
    places(attempt).forEach(place -> add(place, -1));
  }

  /// The narrowest first.
  private List<Place> places(Attempt attempt) {
    if (attempt.browser() != null) {
      return List.of(new Place(pairs, attempt.name() + " by " + attempt.browser()));
    }
    return List.of(
        new Place(pairs, attempt.name() + " from " + attempt.address()),
        new Place(addresses, attempt.address()),
        new Place(names, attempt.name()));
  }

  private int count(Place place) {
    Failures failures = place.counted().get(place.key());
    if (failures == null) {
      return 0;
    }
    if (failures.since().plus(WINDOW).isBefore(clock.instant())) {
      place.counted().remove(place.key());
      return 0;
    }
    return failures.count();
  }

  private void add(Place place, int more) {
    place
        .counted()
        .merge(
            place.key(),
            new Failures(clock.instant(), Math.max(0, more)),
            (before, _) -> new Failures(before.since(), Math.max(0, before.count() + more)));
  }
}
