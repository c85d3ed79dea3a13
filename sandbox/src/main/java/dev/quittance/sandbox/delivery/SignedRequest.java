package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import java.time.Instant;
import java.util.Map;

/// One attempt to deliver an event, as it goes over the wire.
@SuppressWarnings("ArrayRecordComponent") // sent and shown, never compared
public record SignedRequest(Map<String, String> headers, byte[] body) {

  /// @param attempt 0 for the first
  public static SignedRequest of(ProviderEvent event, int attempt, Instant now, Secrets secrets) {
    return switch (event.provider()) {
      case STRIPE -> {
        byte[] body = JsonText.indented(event.envelope());
        yield new SignedRequest(
            Map.of(
                "Content-Type", "application/json; charset=utf-8",
                "User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature", Signatures.stripe(secrets.stripe(), now, body)),
            body);
      }
      case PAYSUPER -> {
        ObjectNode envelope = event.envelope().deepCopy();
        envelope.put("created_at", now.toString()).put("delivery_try", attempt);
        byte[] body = JsonText.asGoWrites(envelope);
        yield new SignedRequest(
            Map.of(
                "Content-Type", "application/json",
                "User-Agent", "PaySuper",
                "Authorization", Signatures.paySuper(secrets.paySuper(), body)),
            body);
      }
      case STANDARD -> {
        byte[] body = JsonText.indented(event.envelope());
        yield new SignedRequest(
            Map.of(
                "Content-Type", "application/json",
                "User-Agent", "quittance-sandbox",
                "webhook-id", event.id(),
                "webhook-timestamp", Long.toString(now.getEpochSecond()),
                "webhook-signature",
                    Signatures.standard(secrets.standard(), event.id(), now, body)),
            body);
      }
    };
  }

  /// What the endpoints' webhooks are signed with.
  public record Secrets(String stripe, String paySuper, String standard) {

    @Override
    public String toString() {
      return "Secrets[…]";
    }
  }
}
