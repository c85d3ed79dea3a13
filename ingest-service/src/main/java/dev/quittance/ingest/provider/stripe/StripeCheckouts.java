package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Checkouts;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.StripeApi.Refused;
import dev.quittance.ingest.provider.stripe.StripeApi.Unavailable;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checkout Sessions, each as the event that Stripe would send about it.
final class StripeCheckouts implements Checkouts {

  /// Stripe's ids have some 70 characters; with what the event's id adds they stay below its 255.
  private static final Pattern SESSION = Pattern.compile("cs_(live|test)_[A-Za-z0-9]{1,200}");

  /// What the ids of events start with that Stripe never sent.
  static final String ID_PREFIX = "returned_";

  private final StripeApi api;
  private final Endpoint endpoint;

  StripeCheckouts(StripeApi api, Endpoint endpoint) {
    this.api = api;
    this.endpoint = endpoint;
  }

  @Override
  public boolean mayBe(String session) {
    Matcher id = SESSION.matcher(session);
    return id.matches() && endpoint.mode().admits(id.group(1).equals("live"));
  }

  @Override
  public Report report(String id, Instant now) {
    if (!mayBe(id)) {
      return new Report.Unknown();
    }
    Fields session;
    try {
      session = api.get("/v1/checkout/sessions/" + id);
    } catch (Refused e) {
      return new Report.Unknown();
    } catch (Unavailable e) {
      return new Report.NotNow(e.why());
    }
    String status = session.text("status");
    StripeEventType type = type(status);
    if (type == null || !id.equals(session.text("id"))) {
      return "open".equals(status) ? new Report.Open() : new Report.Unknown();
    }
    String outcome = "expired".equals(status) ? status : session.text("payment_status");
    String eventId = ID_PREFIX + id + "_" + outcome;
    return new Report.Decided(
        new Webhook(
            endpoint.name(),
            eventId,
            event(eventId, type.stripesName(), session).toString().getBytes(UTF_8),
            now,
            CloudEvent.Origin.RECOVERED,
            null));
  }

  private static @Nullable StripeEventType type(@Nullable String status) {
    return switch (status) {
      case "complete" -> StripeEventType.CHECKOUT_SESSION_COMPLETED;
      case "expired" -> StripeEventType.CHECKOUT_SESSION_EXPIRED;
      case null, default -> null;
    };
  }

  /// Without a time of its own: nobody says when the checkout ended, so it counts from now.
  private static ObjectNode event(String id, String type, Fields session) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("object", "event")
            .put("type", type)
            .put("livemode", session.is("livemode"));
    event.putObject("data").set("object", session.node());
    return event;
  }
}
