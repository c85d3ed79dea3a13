package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/// Finds a string among the top-level members of a JSON object by walking over its bytes once.
/// Builds no tree, decodes no text, takes no memory, and never throws: the edge must not pay for a
/// parser, nor trust one, to learn an event's id and type.
public final class TopLevel {

  /// The longest id of any provider; Kafka headers and metrics hold it easily.
  public static final int VALUE_LENGTH_MAX = 255;

  private static final int ID_WITHIN_BYTES = 4_096;

  private final byte[] json;
  private final int end;
  private int at;

  private TopLevel(byte[] json, int end) {
    this.json = json;
    this.end = end;
  }

  /// The value of the first member of this name, if it is a string of 1 to [#VALUE_LENGTH_MAX]
  /// printable ASCII characters without escapes and not blank.
  ///
  /// @param within how many bytes from the start to look at; the value must end there
  /// @param member the name, in plain ASCII
  public static Optional<String> string(byte[] json, int within, String member) {
    var walk = new TopLevel(json, Math.min(within, json.length));
    return walk.find(member.getBytes(UTF_8));
  }

  /// An event's id, as [#string] finds it: the providers that have one in the body put it in front,
  /// and what stands deeper isn't the event's.
  public static Optional<String> id(byte[] json) {
    return string(json, ID_WITHIN_BYTES, "id");
  }

  private Optional<String> find(byte[] member) {
    skipByteOrderMark();
    if (!take('{')) {
      return Optional.empty();
    }
    do {
      int nameFrom = at() + 1;
      if (!skipString()) {
        return Optional.empty();
      }
      int nameTo = at - 1;
      if (!take(':')) {
        return Optional.empty();
      }
      int valueFrom = at();
      if (!skipValue()) {
        return Optional.empty();
      }
      if (Arrays.equals(json, nameFrom, nameTo, member, 0, member.length)) {
        return plainString(valueFrom, at);
      }
    } while (take(','));
    return Optional.empty();
  }

  private void skipByteOrderMark() {
    if (end >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF) {
      at = 3;
    }
  }

  /// The position of the next byte that isn't white space.
  private int at() {
    while (at < end && isSpace(json[at])) {
      at++;
    }
    return at;
  }

  private boolean take(char wanted) {
    if (at() < end && json[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean skipString() {
    if (!take('"')) {
      return false;
    }
    int closing = closingQuote(at);
    at = closing + 1;
    return closing < end;
  }

  /// Where a string ends, or not before `end`.
  ///
  /// @param from right behind its opening quote
  private int closingQuote(int from) {
    // most of a body is strings: a local position is twice as fast as the field
    int next = from;
    while (next < end && json[next] != '"') {
      next += json[next] == '\\' ? 2 : 1;
    }
    return next;
  }

  private boolean skipValue() {
    if (at() >= end) {
      return false;
    }
    return switch (json[at]) {
      case '"' -> skipString();
      case '{', '[' -> skipNested();
      default -> skipLiteral();
    };
  }

  private boolean skipNested() {
    int depth = 0;
    for (int next = at; next < end; next++) {
      switch (json[next]) {
        case '"' -> next = closingQuote(next + 1);
        case '{', '[' -> depth++;
        case '}', ']' -> {
          depth--;
          if (depth == 0) {
            at = next + 1;
            return true;
          }
        }
        default -> {
          // part of a number, a literal, or space between
        }
      }
    }
    at = end;
    return false;
  }

  private boolean skipLiteral() {
    int from = at;
    while (at < end && json[at] != ',' && json[at] != '}' && !isSpace(json[at])) {
      at++;
    }
    return at > from && at < end;
  }

  private Optional<String> plainString(int from, int to) {
    int length = to - from - 2;
    if (json[from] != '"' || length < 1 || length > VALUE_LENGTH_MAX) {
      return Optional.empty();
    }
    for (int i = from + 1; i < to - 1; i++) {
      if (json[i] < ' ' || json[i] > '~' || json[i] == '\\') {
        return Optional.empty();
      }
    }
    String value = new String(json, from + 1, length, US_ASCII);
    return value.isBlank() ? Optional.empty() : Optional.of(value);
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }
}
