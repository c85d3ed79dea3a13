package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.RegisteredEndpoints;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.JsonText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;

/// The part of Stripe's API by which an account has thin events sent to an address
/// ([reference](https://docs.stripe.com/api/v2/core/event-destinations)). A secret is shown where
/// it is asked for, when the destination is made.
@Path("/v2/core/event_destinations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class EventDestinations {

  private static final String KIND = "v2.core.event_destination";
  private static final String PREFIX = "ed_test_";
  private static final String THIN_TYPE_PREFIX = "v1.";
  private static final String SECRET = "webhook_endpoint.signing_secret";

  private final StripeRequestFilter filter;
  private final RegisteredEndpoints endpoints;
  private final IdempotentRequests requests;
  private final Ids ids;
  private final Clock clock;
  private final HttpHeaders headers;
  private final UriInfo uri;

  @Inject
  EventDestinations(
      StripeRequestFilter filter,
      RegisteredEndpoints endpoints,
      IdempotentRequests requests,
      Ids ids,
      Clock clock,
      @Context HttpHeaders headers,
      @Context UriInfo uri) {
    this.filter = filter;
    this.endpoints = endpoints;
    this.requests = requests;
    this.ids = ids;
    this.clock = clock;
    this.headers = headers;
    this.uri = uri;
  }

  @GET
  public Response list() {
    return answer(() -> {
      ObjectNode list = JsonText.object();
      var data = list.putArray("data");
      for (String id : endpoints.ids(PREFIX)) {
        endpoints.find(id).map(EventDestinations::shown).ifPresent(data::add);
      }
      return list.putNull("next_page_url").putNull("previous_page_url");
    });
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(JsonNode asked) {
    return answer(() ->
        requests.once(
            "event_destinations " + asked,
            headers.getHeaderString("Idempotency-Key"),
            () -> made(asked)));
  }

  @DELETE
  @Path("/{id}")
  public Response delete(@RestPath String id) {
    return answer(() -> {
      ObjectNode destination =
          endpoints
              .find(id)
              .filter(_ -> id.startsWith(PREFIX))
              .orElseThrow(() -> StripeError.missing(KIND, "id", id));
      endpoints.put(destination.put("deleted", true));
      return JsonText.object().put("id", id).put("object", KIND);
    });
  }

  private ObjectNode made(JsonNode asked) {
    String url = asked.path("webhook_endpoint").path("url").asText();
    if (!asked.path("type").asText().equals("webhook_endpoint")
        || !asked.path("event_payload").asText().equals("thin")) {
      throw StripeError.invalid(
          null, "type", "There are only destinations of the type webhook_endpoint here, for thin.");
    }
    if (!WebhookEndpoints.isWebAddress(url)) {
      throw StripeError.invalid(null, "webhook_endpoint.url", "Invalid URL.");
    }
    ObjectNode made =
        JsonText.object()
            .put("id", ids.make(PREFIX, 30))
            .put("object", KIND)
            .put("created", clock.instant().toString())
            .put("livemode", false)
            .put("name", asked.path("name").asText())
            .put("description", asked.path("description").asText())
            .put("status", "enabled")
            .put("url", url)
            .put("connect", holds(asked.path("events_from"), "other_accounts"))
            .put("thin", true)
            .put("secret", ids.make("whsec_", 32));
    made.set("metadata", asked.path("metadata").isObject() ? asked.get("metadata") : null);
    var types = made.putArray("enabled_events");
    for (JsonNode type : asked.path("enabled_events")) {
      if (!type.asText().startsWith(THIN_TYPE_PREFIX)) {
        throw StripeError.invalid(
            null, "enabled_events", "No such thin event: " + type.asText() + ".");
      }
      types.add(type.asText().substring(THIN_TYPE_PREFIX.length()));
    }
    if (types.isEmpty()) {
      throw StripeError.invalid(
          "parameter_missing", "enabled_events", "Missing required param: enabled_events.");
    }
    endpoints.put(made);
    ObjectNode answer = shown(made);
    if (holds(asked.path("include"), SECRET)) {
      answer
          .withObjectProperty("webhook_endpoint")
          .put("signing_secret", made.get("secret").asText());
    }
    return answer;
  }

  private static boolean holds(JsonNode texts, String wanted) {
    for (JsonNode text : texts) {
      if (text.asText().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode shown(ObjectNode destination) {
    ObjectNode shown =
        destination.deepCopy().without(List.of("secret", "connect", "deleted", "thin", "url"));
    shown
        .put("type", "webhook_endpoint")
        .put("event_payload", "thin")
        .putObject("webhook_endpoint")
        .put("url", destination.path("url").asText());
    shown
        .putArray("events_from")
        .add(destination.path("connect").asBoolean() ? "other_accounts" : "self");
    var types = shown.putArray("enabled_events");
    destination
        .path("enabled_events")
        .forEach(type -> types.add(THIN_TYPE_PREFIX + type.asText()));
    return shown;
  }

  private Response answer(Supplier<ObjectNode> work) {
    return filter.answer(headers, uri, work);
  }
}
