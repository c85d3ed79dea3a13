package dev.quittance.sandbox.api;

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
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API by which an account says where its events go
/// ([reference](https://docs.stripe.com/api/webhook_endpoints)). A secret is shown once, when its
/// endpoint is made.
@Path("/v1/webhook_endpoints")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class WebhookEndpoints {

  /// Stripe's own limit for a test account.
  private static final int ENDPOINTS_MAX = 16;

  private static final String KIND = "webhook_endpoint";
  private static final String PREFIX = "we_";

  private final Registrations registrations;
  private final HttpHeaders headers;
  private final UriInfo uri;

  @Inject
  WebhookEndpoints(
      Registrations registrations, @Context HttpHeaders headers, @Context UriInfo uri) {
    this.registrations = registrations;
    this.headers = headers;
    this.uri = uri;
  }

  @GET
  public Response list() {
    return answer(() ->
        new Listing("webhook endpoint", uri.getPath(), Parameters.of(uri.getQueryParameters()))
            .page(registrations.ids(PREFIX), id -> Optional.of(shown(required(id)))));
  }

  @GET
  @Path("/{id}")
  public Response one(@RestPath String id) {
    return answer(() -> shown(required(id)));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response create(@Nullable MultivaluedMap<String, String> form) {
    Parameters parameters = parameters(form);
    return registrations.made(
        headers, uri, "webhook_endpoints " + parameters.values(), () -> create(parameters));
  }

  @POST
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response update(@RestPath String id, @Nullable MultivaluedMap<String, String> form) {
    Parameters parameters = parameters(form);
    return answer(() -> {
      ObjectNode endpoint = required(id);
      if (parameters.text("url") != null) {
        endpoint.put("url", Registrations.webAddress(parameters.text("url"), "url"));
      }
      if (!parameters.texts("enabled_events").isEmpty()) {
        setTypes(endpoint, parameters);
      }
      boolean disabled = endpoint.path("status").asText().equals("disabled");
      endpoint.put("status", parameters.flag("disabled", disabled) ? "disabled" : "enabled");
      setWords(endpoint, parameters);
      registrations.put(endpoint);
      return shown(endpoint);
    });
  }

  @DELETE
  @Path("/{id}")
  public Response delete(@RestPath String id) {
    return answer(() -> {
      registrations.put(required(id).put("deleted", true));
      return JsonText.object().put("id", id).put("object", KIND).put("deleted", true);
    });
  }

  private ObjectNode create(Parameters parameters) {
    String url = Registrations.webAddress(parameters.text("url"), "url");
    if (parameters.texts("enabled_events").isEmpty()) {
      throw StripeError.invalid(
          "parameter_missing", "enabled_events", "Missing required param: enabled_events.");
    }
    if (registrations.ids(PREFIX).size() >= ENDPOINTS_MAX) {
      throw StripeError.invalid(
          null,
          null,
          "You have reached the maximum of " + ENDPOINTS_MAX + " test webhook endpoints.");
    }
    ObjectNode endpoint =
        registrations
            .begun(JsonText.object(), PREFIX, KIND, url)
            .put("api_version", parameters.text("api_version"))
            .put("created", registrations.now().getEpochSecond())
            .put("connect", parameters.flag("connect", false));
    endpoint.putNull("application").putNull("description").putObject("metadata");
    setTypes(endpoint, parameters);
    setWords(endpoint, parameters);
    registrations.put(endpoint);
    return shown(endpoint).put("secret", endpoint.path("secret").asText());
  }

  private static void setTypes(ObjectNode endpoint, Parameters parameters) {
    var types = endpoint.putArray("enabled_events");
    parameters.texts("enabled_events").forEach(types::add);
  }

  private static void setWords(ObjectNode endpoint, Parameters parameters) {
    if (parameters.text("description") != null) {
      endpoint.put("description", parameters.text("description"));
    }
    ObjectNode metadata = endpoint.withObjectProperty("metadata");
    parameters.below("metadata").forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
  }

  private ObjectNode required(String id) {
    return registrations.required(PREFIX, KIND, id);
  }

  /// As everybody may see it, who has the key.
  private static ObjectNode shown(ObjectNode endpoint) {
    return endpoint.deepCopy().without(List.of("secret", "connect", "deleted"));
  }

  private Parameters parameters(@Nullable MultivaluedMap<String, String> form) {
    return Parameters.of(Optional.ofNullable(form).orElseGet(MultivaluedHashMap::new));
  }

  private Response answer(Supplier<ObjectNode> work) {
    return registrations.answer(headers, uri, work);
  }
}
