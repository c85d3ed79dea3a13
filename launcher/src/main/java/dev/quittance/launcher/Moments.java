package dev.quittance.launcher;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people type them: `90m`, `72h` or `7d` ago, `2026-11-20`, `2026-11-20T14:30` by the
/// clock on the wall, or with an offset.
final class Moments {

  static final String FORMS = "a time like 90m, 72h, 7d, 2026-11-20 or 2026-11-20T14:30:00Z";

  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  private Moments() {}

  static Optional<Instant> parse(String text, Instant now, ZoneId zone) {
    return age(text).map(now::minus).or(() -> moment(text, zone));
  }

  /// A time that was given as an option.
  static Instant given(String option, String text, Output output) {
    return parse(text, Clock.systemUTC().instant(), ZoneId.systemDefault())
        .orElseThrow(() -> output.misused(option + " is " + FORMS + "."));
  }

  /// `90m`, `72h`, `7d`.
  static Optional<Duration> age(String text) {
    Matcher ago = AGO.matcher(text);
    if (!ago.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(ago.group(1));
    return Optional.of(
        switch (ago.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  private static Optional<Instant> moment(String text, ZoneId zone) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      // perhaps without an offset
    }
    try {
      return Optional.of(
          text.length() > "2026-11-20".length()
              ? LocalDateTime.parse(text).atZone(zone).toInstant()
              : LocalDate.parse(text).atStartOfDay(zone).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
