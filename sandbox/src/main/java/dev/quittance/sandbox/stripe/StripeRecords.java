package dev.quittance.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.books.Books;
import dev.quittance.sandbox.events.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks up what a pretended Stripe account holds.
public final class StripeRecords {

  private final Books books;

  public StripeRecords(Books books) {
    this.books = books;
  }

  /// The object of an id, if it is of that kind.
  ///
  /// @param kind Stripe's name in the field `object`
  public Optional<ObjectNode> find(String kind, String id) {
    return any(id).filter(found -> kind.equals(JsonText.text(found, "object")));
  }

  /// The object of an id, of whatever kind.
  public Optional<ObjectNode> any(String id) {
    return id.indexOf(':') < 0 ? books.find(id) : Optional.empty();
  }

  /// The ids of all objects whose ids start so, newest first.
  public List<String> ids(String prefix) {
    return books.ids(prefix);
  }

  /// The lines of a session, in the cart's order.
  public List<ObjectNode> lineItems(String session) {
    var lines = new ArrayList<ObjectNode>();
    books
        .find("items:" + session)
        .ifPresent(kept -> kept.path("data").forEach(line -> lines.add((ObjectNode) line)));
    return lines;
  }
}
