package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.stripe.StripeAccount;
import dev.quittance.sandbox.stripe.StripeRecords;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Money that is captured or given back through the API; a repeated idempotency key gets the first
/// answer.
@Singleton
final class MoneyRequests {

  private static final Set<String> REASONS =
      Set.of("duplicate", "fraudulent", "requested_by_customer");

  private final StripeAccount account;
  private final StripeRecords records;
  private final Deliveries deliveries;
  private final IdempotentRequests requests;

  @Inject
  MoneyRequests(
      StripeAccount account,
      StripeRecords records,
      Deliveries deliveries,
      IdempotentRequests requests) {
    this.account = account;
    this.records = records;
    this.deliveries = deliveries;
    this.requests = requests;
  }

  /// @param connected the account whose payment it is; null for the platform's own
  synchronized ObjectNode refund(
      Parameters parameters, @Nullable String connected, @Nullable String idempotencyKey) {
    return requests.once(
        "refunds " + connected + " " + parameters.values(),
        idempotencyKey,
        () -> refund(parameters, records.of(connected)));
  }

  /// @param connected the account whose payment it is; null for the platform's own
  synchronized ObjectNode capture(
      String intent,
      Parameters parameters,
      @Nullable String connected,
      @Nullable String idempotencyKey) {
    return requests.once(
        "capture " + intent + " " + connected + " " + parameters.values(),
        idempotencyKey,
        () -> capture(intent, parameters, records.of(connected)));
  }

  private ObjectNode capture(String intent, Parameters parameters, StripeRecords own) {
    ObjectNode found =
        own.find("payment_intent", intent)
            .orElseThrow(() -> StripeError.missing("payment_intent", "intent", intent));
    String status = found.path("status").asText();
    if (!status.equals("requires_capture")) {
      throw StripeError.invalid(
          "payment_intent_unexpected_state",
          null,
          "This PaymentIntent could not be captured because it has a status of "
              + status
              + ". Only a PaymentIntent with one of the following statuses may be captured:"
              + " requires_capture.");
    }
    boolean last = parameters.flag("final_capture", true);
    deliveries.announce(account.capture(intent, parameters.number("amount_to_capture"), last));
    return own.find("payment_intent", intent).orElseThrow();
  }

  private ObjectNode refund(Parameters parameters, StripeRecords own) {
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
    if (own.find(kind, reference).isEmpty()) {
      throw StripeError.missing(kind, kind, reference);
    }
    String reason = parameters.text("reason");
    if (reason != null && !REASONS.contains(reason)) {
      throw StripeError.invalid(null, "reason", "Invalid reason: must be one of " + REASONS + ".");
    }
    List<ProviderEvent> events =
        account.refund(
            reference,
            parameters.number("amount"),
            "succeeded",
            Objects.requireNonNullElse(reason, "requested_by_customer"));
    deliveries.announce(events);
    String id = events.getFirst().object().orElseThrow().path("id").asText();
    return own.find("refund", id).orElseThrow();
  }
}
