package dev.quittance.fulfillment.api;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lines of RFC 4180 that a spreadsheet takes for text: what begins like a formula gets an
/// apostrophe before it, because names and references are written by strangers.
final class Csv {

  /// As OWASP lists them, with the full-width signs that some spreadsheets take for the same.
  private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

  /// No text, but harmful to whoever shows it. Line breaks and tabs stay.
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t\r\n]]");

  private static final Pattern QUOTED = Pattern.compile("[\",\r\n]|^\\s|\\s$");

  private Csv() {}

  /// A line with its end.
  static String line(List<? extends @Nullable Object> fields) {
    return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String field(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text = CONTROL.matcher(value.toString()).replaceAll("");
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return QUOTED.matcher(safe).find() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
