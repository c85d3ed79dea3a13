package dev.quittance.ingest.afterpayment;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One customer's look at the page and all that follow by themselves. When it began stands in the
/// page's own address, so that no server has to remember it.
///
/// @param began when the customer first looked, at most now
/// @param now when this look happens
record PageView(Instant began, Instant now) {

  /// By then every webhook that comes at once has come, and a delayed payment takes days.
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");

  /// The visit that a page's address tells of; a time that makes no sense begins a new one.
  static PageView of(@Nullable String since, Instant now) {
    Instant began =
        since != null && SECONDS.matcher(since).matches()
            ? Instant.ofEpochSecond(Long.parseLong(since))
            : now;
    return new PageView(began.isAfter(now) ? now : began, now);
  }

  /// How it stands in the page's address.
  long since() {
    return began.getEpochSecond();
  }

  Duration lasts() {
    return Duration.between(began, now);
  }

  /// How long to wait before the next look: short while the webhook is on its way, longer and
  /// longer then, and no more look at the end.
  ///
  /// | after | 0 s | 10 s | 60 s | 10 min |
  /// |---|---|---|---|---|
  /// | looks again in | 1 s | 3 s | 15 s | – |
  ///
  /// @param slowly whether what is waited for takes its time anyway
  Optional<Duration> pause(boolean slowly) {
    if (lasts().compareTo(LONGEST) >= 0) {
      return Optional.empty();
    }
    if (slowly || lasts().compareTo(Duration.ofMinutes(1)) >= 0) {
      return Optional.of(Duration.ofSeconds(15));
    }
    return Optional.of(Duration.ofSeconds(lasts().compareTo(Duration.ofSeconds(10)) < 0 ? 1 : 3));
  }
}
