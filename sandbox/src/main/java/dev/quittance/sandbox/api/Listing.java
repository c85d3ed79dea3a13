package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list, between Stripe's two cursors.
final class Listing {

  private final String kind;
  private final String url;
  private final Parameters parameters;

  /// @param kind what is listed, for the complaint about a cursor that doesn't exist
  /// @param url the list's own path
  Listing(String kind, String url, Parameters parameters) {
    this.kind = kind;
    this.url = url;
    this.parameters = parameters;
  }

  /// @param ids all there are, in the list's order
  /// @param read the object of an id, unless it isn't wanted
  ObjectNode page(List<String> ids, Function<String, Optional<ObjectNode>> read) {
    String before = parameters.text("ending_before");
    String after = parameters.text("starting_after");
    if (before != null && after != null) {
      throw StripeError.invalid(
          "parameter_invalid_string_empty",
          "ending_before",
          "Only one of ending_before and starting_after can be given.");
    }
    if (before != null) {
      List<String> earlier = ids.subList(0, index(ids, "ending_before", before)).reversed();
      List<ObjectNode> found = first(earlier, read);
      return list(found.subList(0, Math.min(found.size(), limit())).reversed(), more(found));
    }
    int start = after == null ? 0 : index(ids, "starting_after", after) + 1;
    List<ObjectNode> found = first(ids.subList(start, ids.size()), read);
    return list(found.subList(0, Math.min(found.size(), limit())), more(found));
  }

  /// One more than the page holds, to see whether there is another.
  private List<ObjectNode> first(List<String> ids, Function<String, Optional<ObjectNode>> read) {
    var found = new ArrayList<ObjectNode>();
    for (String id : ids) {
      read.apply(id).ifPresent(found::add);
      if (found.size() > limit()) {
        break;
      }
    }
    return found;
  }

  private boolean more(List<ObjectNode> found) {
    return found.size() > limit();
  }

  private int limit() {
    return parameters.limit();
  }

  private int index(List<String> ids, String param, String cursor) {
    int index = ids.indexOf(cursor);
    if (index < 0) {
      throw StripeError.missing(kind, param, cursor);
    }
    return index;
  }

  private ObjectNode list(List<ObjectNode> objects, boolean hasMore) {
    ObjectNode list = JsonText.object();
    list.put("object", "list");
    ArrayNode data = list.putArray("data");
    objects.forEach(data::add);
    list.put("has_more", hasMore);
    list.put("url", url);
    return list;
  }
}
