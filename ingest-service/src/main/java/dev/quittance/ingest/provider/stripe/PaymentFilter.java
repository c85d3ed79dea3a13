package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.endpoint.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which payments of an account are an endpoint's, where several shops or systems share the
/// account: those whose metadata have certain values.
///
/// @param values by key; every key has to have one of its values. Without keys all payments count
record PaymentFilter(Map<String, Set<String>> values) {

  /// The setting.
  static final String NAME = "only";

  /// Stripe's objects have at most 50 keys ([metadata](https://docs.stripe.com/metadata)).
  static final int CONDITIONS_MAX = 50;

  /// A key of at most 40 characters without square brackets, a value of at most 500: Stripe's
  /// limits.
  private static final Pattern CONDITION =
      Pattern.compile("metadata\\.([^=\\[\\]]{1,40})=(.{1,500})");

  PaymentFilter {
    values = Map.copyOf(values);
  }

  /// Whose a payment is.
  enum Answer {
    OURS,
    ANOTHERS,
    /// A key is missing, and all that are there match.
    UNSAID
  }

  /// What an endpoint takes.
  static PaymentFilter of(Endpoint endpoint) {
    var values = new TreeMap<String, Set<String>>();
    for (String condition : conditions(endpoint)) {
      Matcher parts = CONDITION.matcher(condition);
      if (parts.matches()) {
        values
            .computeIfAbsent(parts.group(1).strip(), _ -> new TreeSet<>())
            .add(parts.group(2).strip());
      }
    }
    return new PaymentFilter(values);
  }

  /// The conditions as they are set.
  static List<String> conditions(Endpoint endpoint) {
    String set = endpoint.settings().get(NAME);
    return set == null ? List.of() : Arrays.stream(set.split(",", -1)).map(String::strip).toList();
  }

  /// What is wrong with an endpoint's setting, as a sentence that says what to set.
  static Optional<String> complaint(Endpoint endpoint) {
    List<String> conditions = conditions(endpoint);
    if (conditions.size() > CONDITIONS_MAX) {
      return Optional.of("only has more than " + CONDITIONS_MAX + " conditions; set fewer");
    }
    for (int n = 0; n < conditions.size(); n++) {
      Matcher parts = CONDITION.matcher(conditions.get(n));
      if (!parts.matches() || parts.group(1).isBlank() || parts.group(2).isBlank()) {
        return Optional.of(
            "condition "
                + (n + 1)
                + " of only isn't metadata.<key>=<value>, with a key of 1 to 40 characters and a"
                + " value of 1 to 500; set it so, several separated by commas");
      }
    }
    return conditions.isEmpty() || StripeApi.configured(endpoint)
        ? Optional.empty()
        : Optional.of(
            "only needs an api-key: refunds and disputes don't carry their payment's metadata, so"
                + " Stripe has to be asked whose they are; set one, or unset only");
  }

  /// Whose a payment is that has these metadata.
  Answer judge(Map<String, String> metadata) {
    Answer answer = Answer.OURS;
    for (Map.Entry<String, Set<String>> condition : values.entrySet()) {
      @Nullable String value = metadata.get(condition.getKey());
      if (value == null) {
        answer = Answer.UNSAID;
      } else if (!condition.getValue().contains(value)) {
        return Answer.ANOTHERS;
      }
    }
    return answer;
  }
}
