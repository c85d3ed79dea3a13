package dev.quittance.sandbox.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.sandbox.problem.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Ids that a trigger refers to.
///
/// @param all without the account that an order's id starts with
/// @param mustExist whether a payment has to be there already
record GivenIds(List<String> all, boolean mustExist) {

  /// Longer than any provider's id.
  private static final int LENGTH_MAX = 255;

  private static final int IDS_MAX = 10;

  /// A text names an earlier payment by any of its ids, or its order's. An object's values are ids
  /// that a payment has or, when there is none, is to have.
  static GivenIds of(@Nullable JsonNode session) {
    if (session == null || session.isNull()) {
      return new GivenIds(List.of(), false);
    }
    var ids = new ArrayList<String>();
    if (session.isTextual()) {
      ids.add(id(session));
    } else if (session.isObject() && session.size() <= IDS_MAX) {
      session.elements().forEachRemaining(value -> ids.add(id(value)));
    } else {
      throw Refusal.badRequest("The session is an id, or an object whose values are ids.");
    }
    return new GivenIds(List.copyOf(ids), session.isTextual());
  }

  /// The first of the ids that is known.
  Optional<String> known(Predicate<String> knows) {
    Optional<String> known = all.stream().filter(knows).findFirst();
    if (known.isEmpty() && mustExist) {
      throw Refusal.notFound("The sandbox knows no payment " + all.getFirst() + ".");
    }
    return known;
  }

  /// The first of the ids that starts so.
  @Nullable String startingWith(String prefix) {
    return all.stream().filter(id -> id.startsWith(prefix)).findFirst().orElse(null);
  }

  private static String id(JsonNode value) {
    String id = value.asText();
    String bare = id.substring(id.indexOf(':') + 1);
    if (!bare.matches("[A-Za-z0-9_-]{1," + LENGTH_MAX + "}")) {
      throw Refusal.badRequest("An id has letters, digits, _ and - only.");
    }
    return bare;
  }
}
