package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Money;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Values as columns take them.
final class Columns {

  /// Long enough for every id and reference on record; short enough that an index takes it.
  static final int TEXT_LENGTH_MAX = 255;

  /// A caller's name of 255 characters, each percent-encoded as up to four bytes, and the way in
  /// before it.
  static final int SOURCE_LENGTH_MAX = 255 * 12 + 64;

  private Columns() {}

  /// As the mapper writes it.
  static String wireName(Enum<?> status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  static @Nullable String currency(@Nullable Money money) {
    return money == null ? null : money.currency().getCurrencyCode();
  }

  static @Nullable Long minor(@Nullable Money money) {
    return money == null ? null : money.minorUnits();
  }

  static @Nullable String plain(@Nullable String text) {
    return plain(text, TEXT_LENGTH_MAX);
  }

  /// PostgreSQL knows no NUL.
  static @Nullable String plain(@Nullable String text, int most) {
    return text == null ? null : CodePoints.cut(text.replace("\u0000", ""), most);
  }
}
