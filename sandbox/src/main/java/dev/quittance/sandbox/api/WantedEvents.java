package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which events a request asks for.
final class WantedEvents implements Predicate<ObjectNode> {

  /// Stripe's own limit.
  private static final int TYPES_MAX = 20;

  private final List<String> types;
  private final @Nullable String delivered;
  private final @Nullable Long from;
  private final @Nullable Long after;
  private final @Nullable Long to;
  private final @Nullable Long before;
  private final Predicate<String> undelivered;

  WantedEvents(Parameters parameters, Predicate<String> undelivered) {
    String type = parameters.text("type");
    this.types = type == null ? parameters.texts("types") : List.of(type);
    if (types.size() > TYPES_MAX) {
      throw StripeError.invalid(null, "types", "You may pass up to " + TYPES_MAX + " event types.");
    }
    this.delivered = parameters.text("delivery_success");
    if (delivered != null && !delivered.equals("true") && !delivered.equals("false")) {
      throw StripeError.invalid(null, "delivery_success", "Invalid boolean: " + delivered);
    }
    Long exactly = parameters.number("created");
    this.from = exactly == null ? parameters.number("created[gte]") : exactly;
    this.to = exactly == null ? parameters.number("created[lte]") : exactly;
    this.after = parameters.number("created[gt]");
    this.before = parameters.number("created[lt]");
    this.undelivered = undelivered;
  }

  @Override
  public boolean test(ObjectNode event) {
    return ofType(event.path("type").asText())
        && inTime(event.path("created").asLong())
        && (delivered == null
            || undelivered.test(event.path("id").asText()) == delivered.equals("false"));
  }

  private boolean ofType(String type) {
    return types.isEmpty()
        || types.stream()
            .anyMatch(wanted ->
                wanted.endsWith("*")
                    ? type.startsWith(wanted.substring(0, wanted.length() - 1))
                    : type.equals(wanted));
  }

  private boolean inTime(long created) {
    return (from == null || created >= from)
        && (after == null || created > after)
        && (to == null || created <= to)
        && (before == null || created < before);
  }
}
