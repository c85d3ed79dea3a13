package dev.quittance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Where a case's oddities come from.
public final class FuzzRandom {

  /// Texts that some reader somewhere once stumbled over.
  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\n",
          "\r\n",
          "\t",
          "null",
          "undefined",
          "true",
          "NaN",
          "-0",
          "-1",
          "0",
          "1",
          "١٢٣",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "99999999999999999999999999999999",
          "1e5",
          "1e999999999",
          "0x10",
          "1.5",
          "1,5",
          "2026-11-22",
          "2026-02-30",
          "0000-01-01",
          "2026-11-22T10:00:00Z",
          "2026-11-22T10:00:00.123456789Z",
          "2026-11-22T24:00:00Z",
          "2026-11-22T10:00:00+25:00",
          "0001-01-01T00:00:00Z",
          "-4800-01-01T00:00:00Z",
          "+294277-01-01T00:00:00Z",
          "+1000000000-12-31T23:59:59Z",
          "+999999999-12-31T23:59:59.999999999Z",
          "-1000000000-01-01T00:00:00Z",
          "1969-12-31T23:59:59.999999999Z",
          "PT1S",
          "72h",
          "usd",
          "JPY",
          "ISK",
          "XXX",
          "XAU",
          "zzz",
          "paid",
          "succeeded",
          "on_hold",
          "-placedAt",
          ":",
          "stripe:",
          ":pi_1",
          "stripe:pi_1",
          "a:b:c",
          "../../etc/passwd",
          "%00",
          "%",
          "%zz",
          "+",
          "&",
          "=",
          "?",
          "#",
          ";",
          "*",
          "'",
          "\"",
          "\\",
          "\\u0000",
          "' OR 1=1 --",
          "%' ESCAPE '!",
          "_%_%_%",
          "((((((((",
          "a & b | !c",
          "<script>alert(1)</script>",
          "{inject}",
          "{{7*7}}",
          "${jndi:ldap://127.0.0.1/x}",
          "jane@example.com",
          "@",
          "a@b@c",
          "jane@example.com\r\nBcc: all@example.com",
          "Jürgen Groß",
          "اختبار",
          "\u202Eabc",
          "\u200B",
          "\uFEFF",
          "\uFFFF",
          "e\u0301",
          "🧾",
          "👨‍👩‍👧‍👦",
          "\ud800",
          "\udc00x",
          "x".repeat(256),
          "x".repeat(330),
          "🧾".repeat(200),
          "x".repeat(4_001),
          "9".repeat(400));

  /// JSON values that fit nowhere or nearly.
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1.5",
          "1.0",
          "1e3",
          "1e999999999",
          "-1e-400",
          "0e-999999999",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "99999999999999999999999999",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[null, 1, \"a\", {}]",
          "{\"id\": {\"id\": \"x\"}}",
          "{\"data\": [{}, null, 3]}",
          "{\"minorUnits\": 9223372036854775807, \"currency\": \"USD\"}",
          "{\"minorUnits\": -9223372036854775808, \"currency\": \"JPY\"}",
          "{\"minorUnits\": 1, \"currency\": \"KWD\"}",
          "{\"minorUnits\": 1, \"currency\": null}",
          "{\"\": \"\"}",
          "\"\\u0000\"",
          "\"\\ud800x\"",
          "[".repeat(900) + "]".repeat(900));

  private static final String HEADER_CHARACTERS =
      "abcxyzABCXYZ0123456789=,;:._-+/\\\"'()<>@!#$%&*?[]{}|~^` \t";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SplittableRandom random;

  /// @param number of the case
  public FuzzRandom(long seed, long number) {
    // twice, because generators with neighboring seeds are neighbors
    random = new SplittableRandom(new SplittableRandom(seed + number).nextLong());
  }

  /// From 0, below the limit.
  public int below(int limit) {
    return random.nextInt(limit);
  }

  /// True in so many of a hundred cases.
  public boolean inPercent(int percent) {
    return random.nextInt(100) < percent;
  }

  public long number() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(-3, 100);
      case 1 -> random.nextLong();
      case 2 -> (random.nextBoolean() ? 1 : -1) * (1L << random.nextInt(63));
      default -> random.nextInt();
    };
  }

  /// One of them.
  public <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// One of them.
  @SafeVarargs
  public final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /// At most that many, mostly few.
  public byte[] bytes(int lengthMax) {
    int length = random.nextInt(10) == 0 ? random.nextInt(lengthMax + 1) : random.nextInt(64);
    byte[] bytes = new byte[Math.min(length, lengthMax)];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Any text: one that others stumbled over, several of them, or characters at random.
  public String text() {
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> of(WORDS);
      case 3 -> of(WORDS) + of(WORDS);
      case 4 -> Long.toString(number());
      default -> characters(random.nextInt(40));
    };
  }

  private String characters(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> random.nextInt(0x20, 0x7F);
            case 2 -> random.nextInt(0x7F, 0x3000);
            default -> random.nextInt(0x110000);
          });
    }
    return text.toString();
  }

  /// What a client may put into a header's value at all: visible ASCII, spaces and tabs.
  public String headerValue() {
    String text =
        switch (random.nextInt(3)) {
          case 0 -> text();
          case 1 -> text() + "," + text();
          default -> {
            var value = new StringBuilder();
            for (int left = random.nextInt(200); left > 0; left--) {
              value.append(HEADER_CHARACTERS.charAt(random.nextInt(HEADER_CHARACTERS.length())));
            }
            yield value.toString();
          }
        };
    return text.replaceAll("[^\\x20-\\x7E\\t]", "");
  }

  /// A query as a browser would send it: some of the parameters, some unknown, some twice.
  public String query(List<String> names) {
    var query = new StringBuilder();
    for (int left = random.nextInt(5); left > 0; left--) {
      String name = inPercent(95) ? of(names) : text();
      query
          .append(query.isEmpty() ? "?" : "&")
          .append(encoded(name))
          .append('=')
          .append(encoded(text()));
    }
    return query.toString();
  }

  /// A text as a segment of a path or a part of a query, in well-formed percent-encoding of what
  /// may be no UTF-8.
  public String encoded(String text) {
    var encoded = new StringBuilder();
    byte[] bytes = inPercent(5) ? bytes(20) : text.getBytes(UTF_8);
    for (byte b : bytes) {
      boolean plain = b > 0 && Character.isLetterOrDigit(b);
      encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b & 0xFF));
    }
    return encoded.toString();
  }

  /// A text with one or a few places changed.
  public String damaged(String sound) {
    var text = new StringBuilder(sound);
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.insert(at, of(WORDS));
        case 3 -> text.replace(at, end, characters(end - at));
        default -> text.setLength(at);
      }
    }
    return text.toString();
  }

  /// Bytes with one or a few places changed.
  public byte[] damaged(byte[] sound) {
    byte[] bytes = sound.clone();
    for (int left = 1 + random.nextInt(3); left > 0 && bytes.length > 0; left--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        default -> bytes = spliced(bytes, at, of(WORDS).getBytes(UTF_8));
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
    System.arraycopy(more, 0, longer, at, more.length);
    return longer;
  }

  /// Any JSON value, as text; some of them no JSON.
  public String value() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> of(VALUES);
      case 3, 4, 5 -> quoted(text());
      case 6 -> Long.toString(number());
      default -> of("", "{", "]", "{\"a\":}", "'x'", "\"", "NaN", "01", "// x\n1");
    };
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      return "\"\\ud800\""; // no writer takes half a character
    }
  }

  /// A JSON document with one or a few of its values replaced, gone, doubled or renamed.
  public byte[] damagedJson(byte[] sound) {
    try {
      JsonNode tree = JSON.readTree(sound);
      for (int left = 1 + random.nextInt(3); left > 0; left--) {
        var places = new ArrayList<Runnable>();
        collect(tree, places);
        if (!places.isEmpty()) {
          of(places).run();
        }
      }
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      return damaged(sound);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The value is put as raw JSON, because not all of it can be held in a tree.
  private void collect(JsonNode node, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        String name = field.getKey();
        places.add(() -> {
          switch (random.nextInt(6)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(text(), field.getValue());
            default -> object.putRawValue(name, new RawValue(value()));
          }
        });
        collect(field.getValue(), places);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        places.add(() -> {
          switch (random.nextInt(3)) {
            case 0 -> array.remove(at);
            case 1 -> array.add(array.get(at));
            default -> array.insertRawValue(at, new RawValue(value()));
          }
        });
        collect(array.get(i), places);
      }
    }
  }
}
