package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.JsonText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests that change something: a repeated idempotency key gets the first answer.
@Singleton
final class IdempotentRequests {

  /// Stripe's own limit.
  private static final int KEY_LENGTH_MAX = 255;

  private final DocumentStore documents;

  @Inject
  IdempotentRequests(DocumentStore documents) {
    this.documents = documents;
  }

  /// @param asked the whole request: a key stands for one and the same
  /// @param idempotencyKey null where none was given, and the request counts anew
  synchronized ObjectNode once(
      String asked, @Nullable String idempotencyKey, Supplier<ObjectNode> request) {
    if (idempotencyKey == null) {
      return request.get();
    }
    if (idempotencyKey.length() > KEY_LENGTH_MAX) {
      throw StripeError.invalid(null, null, "Idempotency keys have at most 255 characters.");
    }
    String key = "idempotency:" + idempotencyKey;
    Optional<ObjectNode> earlier = documents.find(key);
    if (earlier.isPresent()) {
      if (!earlier.get().path("asked").asText().equals(asked)) {
        throw StripeError.otherParameters();
      }
      return (ObjectNode) earlier.get().get("answer");
    }
    ObjectNode answer = request.get();
    ObjectNode kept = JsonText.object().put("asked", asked);
    kept.set("answer", answer);
    documents.put(key, kept);
    return answer;
  }
}
