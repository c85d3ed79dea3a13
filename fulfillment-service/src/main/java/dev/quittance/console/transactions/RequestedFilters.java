package dev.quittance.console.transactions;

import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The filters as they were asked for, to be shown again and handed on.
///
/// @param values those that are set
record RequestedFilters(Map<String, String> values) {

  /// As the list of orders has them.
  private static final List<String> NAMES =
      List.of(
          "q",
          "from",
          "until",
          "paymentStatus",
          "fulfillmentStatus",
          "status",
          "method",
          "currency",
          "amountMin",
          "amountMax",
          "account",
          "connectedAccount",
          "provider",
          "livemode",
          "session",
          "to");

  /// What the fields are called on the page.
  private static final Map<String, String> LABELS =
      Map.of(
          "q", "Find",
          "from", "From",
          "until", "Until",
          "connectedAccount", "Connected account",
          "amountMin", "Amount from",
          "amountMax", "Amount to");

  /// A sentence that begins with a parameter's name, with the name of the field instead.
  static String labeled(String sentence) {
    String name = sentence.substring(0, Math.max(0, sentence.indexOf(' ')));
    String label = LABELS.get(name);
    return label == null ? sentence : "“" + label + "”" + sentence.substring(name.length());
  }

  static RequestedFilters of(MultivaluedMap<String, String> parameters) {
    var values = new LinkedHashMap<String, String>();
    for (String name : NAMES) {
      String value = parameters.getFirst(name);
      if (value != null && !value.isBlank()) {
        values.put(name, value);
      }
    }
    return new RequestedFilters(values);
  }

  /// What stands in a field.
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /// Whether anything is filtered by at all.
  public boolean isFiltered() {
    return !values.isEmpty();
  }

  /// How many filters hide behind the button.
  public long more() {
    return values.keySet().stream().filter(name -> !name.equals("q")).count();
  }

  /// All of it as a query, with what follows the question mark; empty when nothing is set.
  public String query() {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + encode(value.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The values may be somebody's name.
  @Override
  public String toString() {
    return "Asked[…]";
  }
}
