package dev.quittance.ingest.provider;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A provider's JSON object, read tolerantly: whatever is missing, null, blank or of another kind
/// than expected is absent. Numbers are decimals, never binary floats.
///
/// @param node the object, or a missing node, of which every field is absent
public record Fields(JsonNode node) {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final Fields NONE = new Fields(MissingNode.getInstance());

  /// The object in some bytes, if they are a JSON object in UTF-8.
  public static Optional<Fields> parse(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      return node != null && node.isObject() ? Optional.of(new Fields(node)) : Optional.empty();
    } catch (IOException | NumberFormatException e) { // the latter for an exponent beyond an int's
      return Optional.empty();
    }
  }

  /// Whether there is no such object.
  public boolean absent() {
    return !node.isObject();
  }

  /// Whether a field is there with any value but null.
  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  /// A text that isn't blank.
  public @Nullable String text(String name) {
    return text(node.path(name));
  }

  /// The id of another object, which may be given by its id or in full.
  public @Nullable String id(String name) {
    JsonNode value = node.path(name);
    return value.isObject() ? text(value.path("id")) : text(value);
  }

  /// A number, also when it is written as a text. One beyond [#DIGITS_MAX] is absent.
  public @Nullable BigDecimal decimal(String name) {
    JsonNode value = node.path(name);
    if (value.isNumber()) {
      return sane(value.decimalValue());
    }
    String text = text(value);
    if (text == null || text.length() > DIGITS_MAX) {
      return null;
    }
    try {
      return sane(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /// More digits than any amount, time or rate has; writing out `1e999999999` would take a
  /// gigabyte.
  private static final int DIGITS_MAX = 40;

  private static @Nullable BigDecimal sane(BigDecimal number) {
    return number.precision() <= DIGITS_MAX && Math.abs((long) number.scale()) <= DIGITS_MAX
        ? number
        : null;
  }

  /// True or false, when the field says so.
  public @Nullable Boolean flag(String name) {
    JsonNode value = node.path(name);
    return value.isBoolean() ? Boolean.valueOf(value.booleanValue()) : null;
  }

  /// Whether the field is `true`.
  public boolean is(String name) {
    return Boolean.TRUE.equals(flag(name));
  }

  /// An object within; one that is absent has no fields.
  public Fields child(String name) {
    JsonNode value = node.path(name);
    return value.isObject() ? new Fields(value) : NONE;
  }

  /// The objects of an array within.
  public List<Fields> children(String name) {
    var children = new ArrayList<Fields>();
    for (JsonNode child : node.path(name)) {
      if (child.isObject()) {
        children.add(new Fields(child));
      }
    }
    return children;
  }

  /// The texts of an array within.
  public List<String> texts(String name) {
    var texts = new ArrayList<String>();
    JsonNode array = node.path(name);
    if (array.isArray()) {
      for (JsonNode child : array) {
        String text = text(child);
        if (text != null) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  /// An object within as a map of texts; numbers and flags count as texts.
  public Map<String, String> map(String name) {
    var map = new LinkedHashMap<String, String>();
    child(name)
        .node
        .properties()
        .forEach(entry -> {
          JsonNode value = entry.getValue();
          if (value.isValueNode() && !value.isNull()) {
            map.put(storable(entry.getKey()), storable(value.asText()));
          }
        });
    return map;
  }

  private static @Nullable String text(JsonNode value) {
    if (!value.isTextual()) {
      return null;
    }
    String text = storable(value.textValue());
    return text.isBlank() ? null : text;
  }

  /// The first of some texts that is there.
  public static @Nullable String first(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }

  /// A text without what JSON can say and neither UTF-8 (half a surrogate pair) nor PostgreSQL (the
  /// NUL character) can store.
  public static String storable(String text) {
    boolean storable = text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
    return storable
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
            .replace("\0", "");
  }

  @Override
  public String toString() {
    return "Fields[…]";
  }
}
