package dev.quittance.sandbox.page;

import dev.quittance.contracts.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Amounts and times as people read them.
public final class Shown {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Shown() {}

  /// Like `30.00 USD`.
  ///
  /// @param minorUnits the amount in the currency's minor unit
  public static String money(long minorUnits, String currency) {
    return Money.ofMinor(minorUnits, currency).toString();
  }

  /// Like `30.00 USD`.
  ///
  /// @param major the amount in the currency's major unit
  public static String money(BigDecimal major, String currency) {
    return Money.ofMajor(major, currency).toString();
  }

  /// Like `22 Nov 2026, 18:30:05`, in UTC.
  public static String time(Instant time) {
    return TIME.format(time);
  }

  /// A wire name as words: `needs_response` is `needs response`.
  public static String words(String name) {
    return name.replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
