package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Lengths of texts as people, JSON Schema and PostgreSQL count them: in Unicode code points.
/// Java's own count is of UTF-16 units, by which an emoji is two characters, and half of one can be
/// cut off.
public final class CodePoints {

  private CodePoints() {}

  /// Whether a text has more characters than a limit allows.
  public static boolean moreThan(int max, @Nullable String text) {
    // no text has more code points than units, and most are short
    return text != null && text.length() > max && text.codePointCount(0, text.length()) > max;
  }

  /// A text's first characters, as many as a limit allows.
  public static String cut(String text, int max) {
    return moreThan(max, text) ? text.substring(0, text.offsetByCodePoints(0, max)) : text;
  }
}
