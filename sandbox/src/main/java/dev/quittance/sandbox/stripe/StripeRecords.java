package dev.quittance.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks up what a pretended Stripe account holds: what is its own, or what it holds for one of the
/// accounts that are connected to it. Each sees nothing of the others'.
public final class StripeRecords {

  private final DocumentStore documents;
  private final @Nullable String account;

  /// What is the platform's own.
  public StripeRecords(DocumentStore documents) {
    this(documents, null);
  }

  private StripeRecords(DocumentStore documents, @Nullable String account) {
    this.documents = documents;
    this.account = account;
  }

  /// What is a connected account's; the platform's own where it is null.
  public StripeRecords of(@Nullable String connectedAccount) {
    return new StripeRecords(documents, connectedAccount);
  }

  /// The object of an id, if it is of that kind.
  ///
  /// @param kind Stripe's name in the field `object`
  public Optional<ObjectNode> find(String kind, String id) {
    return any(id).filter(found -> kind.equals(JsonText.text(found, "object")));
  }

  /// The object of an id, of whatever kind.
  public Optional<ObjectNode> any(String id) {
    return id.indexOf(':') < 0 ? documents.find(id).filter(this::holds) : Optional.empty();
  }

  /// Whether an object, or an event as it was sent, is whose records these are.
  public boolean holds(ObjectNode object) {
    return Objects.equals(account, seller(documents, object));
  }

  /// Whose an object is; null for the platform's own.
  static @Nullable String seller(DocumentStore documents, ObjectNode object) {
    String kind = String.valueOf(JsonText.text(object, "object"));
    if (kind.equals("event")) {
      return JsonText.text(object, "account");
    }
    boolean whole = kind.equals("checkout.session") || kind.equals("payment_intent");
    String payment = JsonText.text(object, whole ? "id" : "payment_intent");
    String holder =
        documents
            .find("session-of:" + payment)
            .map(link -> link.get("session").asText())
            .orElse(String.valueOf(payment));
    return documents
        .find("purchase:" + holder)
        .map(kept -> JsonText.as(kept, Purchase.class).seller())
        .orElse(null);
  }

  /// The ids of all objects whose ids start so, newest first.
  public List<String> ids(String prefix) {
    return documents.ids(prefix);
  }

  /// The lines of a session, in the cart's order.
  public List<ObjectNode> lineItems(String session) {
    var lines = new ArrayList<ObjectNode>();
    documents
        .find("items:" + session)
        .ifPresent(kept -> kept.path("data").forEach(line -> lines.add((ObjectNode) line)));
    return lines;
  }
}
