package dev.quittance.sandbox.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.problem.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What an event is told to say instead of the ordinary. A path names a field of the event's
/// object, with or without `data.object.` (Stripe) or `object.` (PaySuper) before it; `event.`
/// before a path names a field of the envelope.
///
/// What is taken shapes the payment itself, so that all its events agree; what is left is written
/// into the events as they are.
final class Overrides {

  /// More than any event has fields worth changing.
  private static final int PATHS_MAX = 100;

  private static final String ENVELOPE = "event.";

  private final Map<String, JsonNode> left = new LinkedHashMap<>();

  Overrides(Map<String, JsonNode> given) {
    if (given.size() > PATHS_MAX) {
      throw Refusal.badRequest("At most " + PATHS_MAX + " overrides are taken.");
    }
    given.forEach((path, value) -> left.put(normal(path), value));
  }

  /// Takes the value of the first of these paths that is there.
  Optional<JsonNode> take(String... paths) {
    Optional<JsonNode> found = Optional.empty();
    for (String path : paths) {
      JsonNode value = left.remove(path);
      if (found.isEmpty() && value != null) {
        found = Optional.of(value);
      }
    }
    return found;
  }

  /// Takes an amount in minor units.
  Optional<Long> takeAmount(String... paths) {
    return take(paths).map(value -> amount(paths[0], value));
  }

  /// Takes a text.
  Optional<String> takeText(String... paths) {
    return take(paths).filter(value -> !value.isNull()).map(JsonNode::asText);
  }

  /// Takes all that stands below a path.
  Map<String, String> takeBelow(String prefix) {
    var taken = new LinkedHashMap<String, String>();
    left.entrySet()
        .removeIf(entry -> {
          boolean below = entry.getKey().startsWith(prefix);
          if (below) {
            taken.put(entry.getKey().substring(prefix.length()), entry.getValue().asText());
          }
          return below;
        });
    return taken;
  }

  /// Writes what is left into an event.
  ///
  /// @param all whether also those fields are written that the event's object lacks
  void writeInto(ProviderEvent event, boolean all) {
    left.forEach((path, value) -> {
      if (path.startsWith(ENVELOPE)) {
        write(event.envelope(), path.substring(ENVELOPE.length()), value);
      } else {
        event
            .object()
            .filter(object -> all || object.has(first(path)))
            .ifPresent(object -> write(object, path, value));
      }
    });
  }

  private static String normal(String path) {
    if (path.isBlank() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
      throw Refusal.badRequest("An override's path is like customer_details.email.");
    }
    for (String prefix : new String[] {"data.object.", "object."}) {
      if (path.startsWith(prefix)) {
        return path.substring(prefix.length());
      }
    }
    return path;
  }

  private static long amount(String path, JsonNode value) {
    Function<String, Refusal> refusal =
        text ->
            Refusal.badRequest("The override " + path + " has to be a whole number, 0 or more.");
    try {
      long amount = Long.parseLong(value.asText());
      if (amount < 0) {
        throw refusal.apply(path);
      }
      return amount;
    } catch (NumberFormatException e) {
      throw refusal.apply(path);
    }
  }

  private static String first(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  private static void write(ObjectNode object, String path, JsonNode value) {
    String[] names = path.split("\\.");
    JsonNode at = object;
    for (int i = 0; i < names.length - 1; i++) {
      JsonNode next = at instanceof ArrayNode array ? array.get(index(names[i])) : at.get(names[i]);
      if (next == null || !next.isContainerNode()) {
        if (!(at instanceof ObjectNode parent)) {
          throw Refusal.badRequest("There is nothing at " + path + " to override.");
        }
        next = parent.putObject(names[i]);
      }
      at = next;
    }
    String last = names[names.length - 1];
    if (at instanceof ObjectNode parent) {
      parent.set(last, value);
    } else if (at instanceof ArrayNode array && index(last) < array.size()) {
      array.set(index(last), value);
    } else {
      throw Refusal.badRequest("There is nothing at " + path + " to override.");
    }
  }

  private static int index(String name) {
    try {
      return Integer.parseUnsignedInt(name);
    } catch (NumberFormatException e) {
      throw Refusal.badRequest("An array's entries are named by numbers from 0, not " + name + ".");
    }
  }
}
