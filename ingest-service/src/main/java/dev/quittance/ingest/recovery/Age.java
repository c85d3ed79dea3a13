package dev.quittance.ingest.recovery;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A duration as people write it: `90m`, `72h`, `30d`, or ISO 8601.
final class Age {

  /// Stripe remembers 30 days; whoever asks for more means all.
  static final Duration MAX = Duration.ofDays(30);

  private static final Pattern SHORT = Pattern.compile("([0-9]{1,6})([mhd])");

  private Age() {}

  /// Reads a positive duration of at most [#MAX].
  static Optional<Duration> parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    try {
      Duration age = matcher.matches() ? of(matcher) : Duration.parse(text);
      return age.isPositive() && age.compareTo(MAX) <= 0 ? Optional.of(age) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration of(Matcher matcher) {
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
