package dev.quittance.sandbox.api;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The parameters of a request, as Stripe's libraries write them: `types[]=a`, `types[0]=a` and
/// `created[gte]=1`.
record Parameters(Map<String, List<String>> values) {

  /// Stripe's own limit of a page.
  private static final int LIMIT_MAX = 100;

  private static final int LIMIT_ORDINARY = 10;

  static Parameters of(MultivaluedMap<String, String> given) {
    return new Parameters(new TreeMap<>(given));
  }

  @Nullable String text(String name) {
    List<String> found = values.get(name);
    return found == null || found.isEmpty() ? null : found.getFirst();
  }

  /// All entries of an array.
  List<String> texts(String name) {
    return values.entrySet().stream()
        .filter(
            entry -> entry.getKey().equals(name) || entry.getKey().matches(name + "\\[[0-9]{0,4}]"))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /// All entries below a name, like the texts of `metadata[…]`.
  Stream<Map.Entry<String, String>> below(String name) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(name + "[") && entry.getKey().endsWith("]"))
        .map(entry ->
            Map.entry(
                entry.getKey().substring(name.length() + 1, entry.getKey().length() - 1),
                entry.getValue().getFirst()));
  }

  @Nullable Long number(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw StripeError.invalid("parameter_invalid_integer", name, "Invalid integer: " + text);
    }
  }

  /// @param ordinary what holds when it isn't given
  boolean flag(String name, boolean ordinary) {
    String text = text(name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw StripeError.invalid("parameter_invalid_boolean", name, "Invalid boolean: " + text);
    }
    return text == null ? ordinary : text.equals("true");
  }

  int limit() {
    Long limit = number("limit");
    if (limit == null) {
      return LIMIT_ORDINARY;
    }
    if (limit < 1 || limit > LIMIT_MAX) {
      throw StripeError.invalid(
          "parameter_invalid_integer", "limit", "The limit is from 1 to " + LIMIT_MAX + ".");
    }
    return Math.toIntExact(limit);
  }
}
