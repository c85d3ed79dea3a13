package dev.quittance.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Whether a schema may take the place of a published one. Records of 35 days lie in the topics and
/// subscribers read with the schema they once took, so it has to hold both ways: the new one must
/// accept what the old one described, and whoever relies on the old one must find everything there.
/// A new optional field is no break.
final class Compatibility {

  /// What is compared below, and what changes nothing for anybody.
  private static final Set<String> JUDGED =
      Set.of(
          "$defs",
          "$schema",
          "additionalProperties",
          "description",
          "enum",
          "format",
          "items",
          "maxLength",
          "maximum",
          "minLength",
          "minimum",
          "pattern",
          "properties",
          "required",
          "title",
          "type");

  private final String type;
  private final JsonNode published;
  private final JsonNode current;
  private final List<String> breaks = new ArrayList<>();

  private Compatibility(String type, JsonNode published, JsonNode current) {
    this.type = type;
    this.published = published;
    this.current = current;
  }

  /// What breaks, each as a sentence that says what to do; empty when nothing does.
  static List<String> breaks(String type, JsonNode published, JsonNode current) {
    var comparison = new Compatibility(type, published, current);
    comparison.compare(published, current, "");
    return comparison.breaks;
  }

  private void compare(JsonNode oldRaw, JsonNode newRaw, String path) {
    JsonNode before = resolved(published, oldRaw);
    JsonNode after = resolved(current, newRaw);
    for (String keyword : List.of("type", "format", "pattern")) {
      if (!before.path(keyword).equals(after.path(keyword))) {
        broken(
            path,
            keyword + " changed from " + said(before, keyword) + " to " + said(after, keyword));
      }
    }
    Set<String> others = names(before);
    others.addAll(names(after));
    others.removeAll(JUDGED);
    for (String keyword : others) {
      if (!before.path(keyword).equals(after.path(keyword))) {
        broken(path, keyword + " changed, and this gate can't tell whether that is harmless");
      }
    }
    narrower(before, after, path, "minimum", 1);
    narrower(before, after, path, "minLength", 1);
    narrower(before, after, path, "maximum", -1);
    narrower(before, after, path, "maxLength", -1);
    values(before, after, path);
    required(before, after, path);
    before
        .path("properties")
        .properties()
        .forEach(field -> {
          String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
          JsonNode now = after.path("properties").path(field.getKey());
          if (now.isMissingNode()) {
            broken(child, "the field was removed");
          } else {
            compare(field.getValue(), now, child);
          }
        });
    for (String keyword : List.of("items", "additionalProperties")) {
      if (before.has(keyword) && after.has(keyword)) {
        compare(before.get(keyword), after.get(keyword), path + "[]");
      } else if (before.has(keyword) || after.has(keyword)) {
        broken(path, keyword + (after.has(keyword) ? " was added" : " was removed"));
      }
    }
  }

  /// @param direction 1 where a higher limit accepts less, -1 where a lower one does
  private void narrower(JsonNode before, JsonNode after, String path, String limit, int direction) {
    if (after.has(limit)
        && (!before.has(limit)
            || Long.compare(after.get(limit).asLong(), before.get(limit).asLong()) == direction)) {
      broken(
          path,
          limit + " became stricter, from " + said(before, limit) + " to " + said(after, limit));
    }
  }

  private void values(JsonNode before, JsonNode after, String path) {
    if (!before.has("enum") && after.has("enum")) {
      broken(path, "only certain values are allowed now");
    }
    if (before.has("enum") && after.has("enum")) {
      Set<String> removed = texts(before.get("enum"));
      removed.removeAll(texts(after.get("enum")));
      removed.forEach(value -> broken(path, "the value '" + value + "' was removed"));
    }
  }

  private void required(JsonNode before, JsonNode after, String path) {
    Set<String> was = texts(before.path("required"));
    Set<String> is = texts(after.path("required"));
    String prefix = path.isEmpty() ? "" : path + ".";
    for (String field : is) {
      if (!was.contains(field)) {
        broken(
            prefix + field,
            before.path("properties").has(field)
                ? "the field became required"
                : "the new field is required, but older records don't have it");
      }
    }
    for (String field : was) {
      if (!is.contains(field) && after.path("properties").has(field)) {
        broken(prefix + field, "the field became optional, but subscribers count on it");
      }
    }
  }

  private void broken(String path, String what) {
    breaks.add(
        type
            + (path.isEmpty() ? "" : " at " + path)
            + ": "
            + what
            + ". That breaks whoever reads or writes "
            + type
            + ": leave it as it was, or open "
            + type.replaceAll("\\.v\\d+$", ".v2")
            + " beside it.");
  }

  private static String said(JsonNode schema, String keyword) {
    return schema.has(keyword) ? schema.get(keyword).asText() : "none";
  }

  private static Set<String> names(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new TreeSet<String>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static JsonNode resolved(JsonNode root, JsonNode schema) {
    JsonNode found = schema;
    while (found.has("$ref")) {
      found = root.at(found.get("$ref").asText().substring(1));
    }
    return found;
  }
}
