package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.books.Books;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.stripe.StripeAccount;
import dev.quittance.sandbox.stripe.StripeRecords;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refunds that are asked for through the API; a repeated idempotency key gets the first answer.
@Singleton
final class RefundRequests {

  private static final Set<String> REASONS =
      Set.of("duplicate", "fraudulent", "requested_by_customer");

  /// Stripe's own limit.
  private static final int KEY_LENGTH_MAX = 255;

  private final StripeAccount account;
  private final StripeRecords records;
  private final Deliveries deliveries;
  private final Books books;

  @Inject
  RefundRequests(StripeAccount account, StripeRecords records, Deliveries deliveries, Books books) {
    this.account = account;
    this.records = records;
    this.deliveries = deliveries;
    this.books = books;
  }

  synchronized ObjectNode refund(Parameters parameters, @Nullable String idempotencyKey) {
    if (idempotencyKey == null) {
      return refund(parameters);
    }
    if (idempotencyKey.length() > KEY_LENGTH_MAX) {
      throw StripeError.invalid(null, null, "Idempotency keys have at most 255 characters.");
    }
    String key = "idempotency:" + idempotencyKey;
    Optional<ObjectNode> earlier = books.find(key);
    if (earlier.isPresent()) {
      if (!earlier.get().path("asked").asText().equals(parameters.values().toString())) {
        throw StripeError.otherParameters();
      }
      return (ObjectNode) earlier.get().get("answer");
    }
    ObjectNode answer = refund(parameters);
    ObjectNode kept = JsonText.object().put("asked", parameters.values().toString());
    kept.set("answer", answer);
    books.put(key, kept);
    return answer;
  }

  private ObjectNode refund(Parameters parameters) {
    String intent = parameters.text("payment_intent");
    String charge = parameters.text("charge");
    String reference = intent == null ? charge : intent;
    if (reference == null) {
      throw StripeError.invalid(
          "parameter_missing",
          "charge",
          "One of the following params should be provided for this request: payment_intent or"
              + " charge.");
    }
    String kind = intent == null ? "charge" : "payment_intent";
    if (records.find(kind, reference).isEmpty()) {
      throw StripeError.missing(kind, kind, reference);
    }
    String reason = parameters.text("reason");
    if (reason != null && !REASONS.contains(reason)) {
      throw StripeError.invalid(null, "reason", "Invalid reason: must be one of " + REASONS + ".");
    }
    List<ProviderEvent> told =
        account.refund(
            reference,
            parameters.number("amount"),
            "succeeded",
            Objects.requireNonNullElse(reason, "requested_by_customer"));
    deliveries.announce(told);
    String id = told.getFirst().object().orElseThrow().path("id").asText();
    return records.find("refund", id).orElseThrow();
  }
}
