package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import java.time.Instant;
import java.util.Map;

/// Stripe's thin events: they name the object that something happened to, and say nothing of it
/// ([event](https://docs.stripe.com/api/v2/core/events/object)). Whoever gets one asks for the
/// object, and learns how it stands by then.
final class ThinEvents {

  private static final Map<String, String> PATHS =
      Map.of(
          "checkout.session", "/v1/checkout/sessions/",
          "payment_intent", "/v1/payment_intents/",
          "charge", "/v1/charges/",
          "refund", "/v1/refunds/",
          "dispute", "/v1/disputes/");

  private ThinEvents() {}

  /// The same as a thin one, which has an id of its own; as it is, where Stripe has no such one.
  static ProviderEvent of(ProviderEvent event) {
    ObjectNode snapshot = event.envelope();
    var object = snapshot.path("data").path("object");
    String path = PATHS.get(object.path("object").asText());
    if (path == null) {
      return event;
    }
    ObjectNode thin =
        JsonText.object()
            .put("id", event.id().replaceFirst("^evt_", "evt_test_65"))
            .put("object", "v2.core.event")
            .put("type", "v1." + event.type())
            .put("created", Instant.ofEpochSecond(snapshot.path("created").asLong()).toString())
            .put("livemode", snapshot.path("livemode").asBoolean())
            .put("context", JsonText.text(snapshot, "account"));
    thin.putObject("related_object")
        .put("id", object.path("id").asText())
        .put("type", object.path("object").asText())
        .put("url", path + object.path("id").asText());
    return new ProviderEvent(
        event.provider(), event.id(), event.type(), event.order(), event.email(), thin);
  }
}
