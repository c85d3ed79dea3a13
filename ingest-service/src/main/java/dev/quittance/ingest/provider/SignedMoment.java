package dev.quittance.ingest.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The moment that a provider says it signed at.
///
/// @param unixSeconds not negative
public record SignedMoment(long unixSeconds) {

  /// Twelve digits last for 30,000 years and can't overflow anything.
  static final int DIGITS_MAX = 12;

  /// Reads digits, and nothing but digits: no sign, no space, no leading zero, no other script's
  /// digits.
  public static Optional<SignedMoment> parse(String text) {
    if (text.isEmpty() || text.length() > DIGITS_MAX) {
      return Optional.empty();
    }
    if (text.length() > 1 && text.charAt(0) == '0') {
      return Optional.empty();
    }
    long seconds = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return Optional.empty();
      }
      seconds = seconds * 10 + (digit - '0');
    }
    return Optional.of(new SignedMoment(seconds));
  }

  /// Whether a signature of this moment still counts: in whole seconds, the tolerance itself
  /// included, in both directions.
  public Verdict judge(Instant now, Duration tolerance) {
    long age = now.getEpochSecond() - unixSeconds;
    if (age > tolerance.toSeconds()) {
      return new Verdict.Stale(Duration.ofSeconds(age));
    }
    if (-age > tolerance.toSeconds()) {
      return new Verdict.Early(Duration.ofSeconds(-age));
    }
    return new Verdict.Genuine();
  }
}
