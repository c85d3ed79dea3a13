package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  private final Registrations registrations;
  private final HttpHeaders headers;
  private final UriInfo uri;

  @Inject
  EventDestinations(
      Registrations registrations, @Context HttpHeaders headers, @Context UriInfo uri) {
    this.registrations = registrations;
    this.headers = headers;
    this.uri = uri;
  }

  @GET
  public Response list() {
    return answer(() -> {
      ObjectNode list = JsonText.object();
      var data = list.putArray("data");
      registrations.ids(PREFIX).forEach(id -> data.add(shown(required(id))));
      return list.putNull("next_page_url").putNull("previous_page_url");
    });
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(JsonNode asked) {
    return registrations.made(headers, uri, "event_destinations " + asked, () -> made(asked));
  }

  @DELETE
  @Path("/{id}")
  public Response delete(@RestPath String id) {
    return answer(() -> {
      registrations.put(required(id).put("deleted", true));
      return JsonText.object().put("id", id).put("object", KIND);
    });
  }

  private ObjectNode made(JsonNode asked) {
    if (!asked.path("type").asText().equals("webhook_endpoint")
        || !asked.path("event_payload").asText().equals("thin")) {
      throw StripeError.invalid(
          null, "type", "There are only destinations of the type webhook_endpoint here, for thin.");
    }
    String url =
        Registrations.webAddress(
            asked.path("webhook_endpoint").path("url").asText(), "webhook_endpoint.url");
    ObjectNode made =
        registrations
            .begun(JsonText.object(), PREFIX, KIND, url)
            .put("created", registrations.now().toString())
            .put("name", asked.path("name").asText())
            .put("description", asked.path("description").asText())
            .put("connect", holds(asked.path("events_from"), "other_accounts"))
            .put("thin", true);
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
    registrations.put(made);
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
    destination.path("enabled_events").forEach(type -> types.add(THIN_TYPE_PREFIX + type.asText()));
    return shown;
  }

  private ObjectNode required(String id) {
    return registrations.required(PREFIX, KIND, id);
  }

  private Response answer(Supplier<ObjectNode> work) {
    return registrations.answer(headers, uri, work);
  }
}
