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

/// Checkout Sessions, each told as the event that Stripe would send about it.
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
  public Report report(String session, Instant now) {
    if (!mayBe(session)) {
      return new Report.Unknown();
    }
    Fields told;
    try {
      told = api.get("/v1/checkout/sessions/" + session);
    } catch (Refused e) {
      return new Report.Unknown();
    } catch (Unavailable e) {
      return new Report.NotNow(e.why());
    }
    String status = told.text("status");
    String type = type(status);
    if (type == null || !session.equals(told.text("id"))) {
      return "open".equals(status) ? new Report.Open() : new Report.Unknown();
    }
    String standing = "expired".equals(status) ? status : told.text("payment_status");
    String eventId = ID_PREFIX + session + "_" + standing;
    return new Report.Decided(
        new Webhook(
            endpoint.name(),
            eventId,
            event(eventId, type, told).toString().getBytes(UTF_8),
            now,
            CloudEvent.Origin.RECOVERED,
            null));
  }

  private static @Nullable String type(@Nullable String status) {
    return switch (status) {
      case "complete" -> "checkout.session.completed";
      case "expired" -> "checkout.session.expired";
      case null, default -> null;
    };
  }

  /// Without a time of its own: when the checkout ended isn't told, so it counts from now.
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
