package dev.quittance.launcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Compares this machine's clock with those of others, each at the moment that it answered.
final class ClockExam {

  private static final String CLOCK = "clock";

  /// Stripe and Standard Webhooks are refused beyond five minutes either way: this leaves four to
  /// act in.
  private static final Duration FAULT_FROM = Duration.ofMinutes(1);

  /// More than any network takes, and than a clock that is kept by NTP is off.
  private static final Duration DOUBT_FROM = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<String, Duration> ahead = new LinkedHashMap<>();

  ClockExam(Clock clock) {
    this.clock = clock;
  }

  /// @param who the other
  /// @param theirs what their clock said just now
  void compare(String who, Instant theirs) {
    ahead.put(who, Duration.between(theirs, clock.instant()));
  }

  /// The largest difference that was found.
  Duration worst() {
    return ahead.values().stream()
        .map(Duration::abs)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  boolean isOff() {
    return worst().compareTo(FAULT_FROM) >= 0;
  }

  Finding finding() {
    if (ahead.isEmpty()) {
      return Finding.skipped(CLOCK, "nobody answers whose clock it could be compared with");
    }
    Duration worst = worst();
    Map.Entry<String, Duration> whose =
        ahead.entrySet().stream()
            .filter(other -> other.getValue().abs().equals(worst))
            .findFirst()
            .orElseThrow();
    String what =
        "this machine is %s %s of %s"
            .formatted(
                words(worst), whose.getValue().isNegative() ? "behind" : "ahead", whose.getKey());
    String todo =
        "Start NTP on whichever is wrong (timedatectl set-ntp true). Beyond five minutes every"
            + " genuine webhook is refused.";
    if (isOff()) {
      return Finding.fault(CLOCK, what, todo);
    }
    return worst.compareTo(DOUBT_FROM) >= 0
        ? Finding.doubtful(CLOCK, what, todo)
        : Finding.ok(CLOCK, "it agrees with " + String.join(", ", ahead.keySet()));
  }

  private static String words(Duration time) {
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
