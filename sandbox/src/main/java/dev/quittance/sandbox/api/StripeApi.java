package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.delivery.QueuedEvent;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.stripe.StripeRecords;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API that concerns payments, answered from the pretended account.
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class StripeApi {

  private static final String KEY = "Idempotency-Key";

  private final StripeRequestFilter filter;
  private final StripeRecords records;
  private final Deliveries deliveries;
  private final MoneyRequests money;
  private final HttpHeaders headers;
  private final UriInfo uri;

  @Inject
  StripeApi(
      StripeRequestFilter filter,
      StripeRecords records,
      Deliveries deliveries,
      MoneyRequests money,
      @Context HttpHeaders headers,
      @Context UriInfo uri) {
    this.filter = filter;
    this.records = records;
    this.deliveries = deliveries;
    this.money = money;
    this.headers = headers;
    this.uri = uri;
  }

  @GET
  @Path("/checkout/sessions")
  public Response sessions() {
    return list(
        "checkout session",
        "cs_",
        parameters -> matching(parameters, "payment_intent", "subscription", "customer", "status"));
  }

  @GET
  @Path("/checkout/sessions/{id}")
  public Response session(@RestPath String id) {
    return one("checkout.session", "session", id);
  }

  @GET
  @Path("/checkout/sessions/{id}/line_items")
  public Response lineItems(@RestPath String id) {
    return answer(() -> {
      StripeRecords own = own();
      required(own, "checkout.session", "session", id);
      return lines(own, id, Parameters.of(uri.getQueryParameters()));
    });
  }

  @GET
  @Path("/payment_intents/{id}")
  public Response intent(@RestPath String id) {
    return one("payment_intent", "intent", id);
  }

  @POST
  @Path("/payment_intents/{id}/capture")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response capture(@RestPath String id, @Nullable MultivaluedMap<String, String> form) {
    Parameters parameters = Parameters.of(form == null ? new MultivaluedHashMap<>() : form);
    return answer(() -> money.capture(id, parameters, account(), headers.getHeaderString(KEY)));
  }

  /// The accounts that are connected to this one.
  @GET
  @Path("/accounts")
  public Response accounts() {
    return list("account", "acct_", parameters -> is("account"));
  }

  @GET
  @Path("/charges")
  public Response charges() {
    return list(
        "charge", "", parameters -> matching(parameters, "payment_intent").and(is("charge")));
  }

  @GET
  @Path("/charges/{id}")
  public Response charge(@RestPath String id) {
    return one("charge", "id", id);
  }

  @GET
  @Path("/disputes/{id}")
  public Response dispute(@RestPath String id) {
    return one("dispute", "dispute", id);
  }

  @GET
  @Path("/refunds")
  public Response refunds() {
    return list("refund", "re_", parameters -> matching(parameters, "payment_intent", "charge"));
  }

  @GET
  @Path("/refunds/{id}")
  public Response refund(@RestPath String id) {
    return one("refund", "refund", id);
  }

  @POST
  @Path("/refunds")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response refund(@Nullable MultivaluedMap<String, String> form) {
    Parameters parameters = Parameters.of(form == null ? new MultivaluedHashMap<>() : form);
    return answer(() -> money.refund(parameters, account(), headers.getHeaderString(KEY)));
  }

  @GET
  @Path("/events")
  public Response events() {
    return answer(() -> {
      Parameters parameters = Parameters.of(uri.getQueryParameters());
      Predicate<ObjectNode> wanted = new WantedEvents(parameters, this::undelivered);
      return new Listing("event", "/v1/events", parameters)
          .page(records.ids("evt_"), id -> event(id, own()).filter(wanted));
    });
  }

  @GET
  @Path("/events/{id}")
  public Response event(@RestPath String id) {
    return answer(() -> event(id, own()).orElseThrow(() -> StripeError.missing("event", "id", id)));
  }

  @GET
  @Path("/{unknown: .+}")
  public Response unknown() {
    return answer(() -> {
      throw StripeError.noSuchPath("GET", uri.getPath());
    });
  }

  private Response answer(Supplier<ObjectNode> work) {
    return filter.answer(headers, uri, work);
  }

  private Response one(String kind, String param, String id) {
    return answer(() -> {
      StripeRecords own = own();
      ObjectNode object = required(own, kind, param, id);
      Parameters.of(uri.getQueryParameters())
          .texts("expand")
          .forEach(path -> expand(own, object, path));
      return object;
    });
  }

  private Response list(
      String kind, String prefix, Function<Parameters, Predicate<ObjectNode>> matching) {
    return answer(() -> {
      Parameters parameters = Parameters.of(uri.getQueryParameters());
      Predicate<ObjectNode> wanted = matching.apply(parameters);
      StripeRecords own = own();
      return new Listing(kind, uri.getPath(), parameters)
          .page(own.ids(prefix), id -> own.any(id).filter(wanted));
    });
  }

  /// Whose payments a request is about: a platform names the account, and sees nothing of it
  /// otherwise.
  private @Nullable String account() {
    return headers.getHeaderString("Stripe-Account");
  }

  private StripeRecords own() {
    return records.of(account());
  }

  private static ObjectNode required(StripeRecords own, String kind, String param, String id) {
    return own.find(kind, id).orElseThrow(() -> StripeError.missing(kind, param, id));
  }

  private static ObjectNode lines(StripeRecords own, String session, Parameters parameters) {
    List<ObjectNode> lines = own.lineItems(session);
    return new Listing("line item", "/v1/checkout/sessions/" + session + "/line_items", parameters)
        .page(
            lines.stream().map(line -> line.get("id").asText()).toList(),
            id -> lines.stream().filter(line -> line.get("id").asText().equals(id)).findFirst());
  }

  /// What was sent, with all that it was to say otherwise.
  private Optional<ObjectNode> event(String id, StripeRecords own) {
    Optional<QueuedEvent> queued = deliveries.find(id);
    return queued
        .map(QueuedEvent::envelope)
        .filter(own::holds)
        .or(() -> own.find("event", id))
        .map(event ->
            event.put(
                "pending_webhooks", queued.filter(sent -> !sent.delivered()).isPresent() ? 1 : 0));
  }

  private boolean undelivered(String id) {
    return deliveries.find(id).filter(queued -> !queued.delivered()).isPresent();
  }

  private static void expand(StripeRecords own, ObjectNode object, String path) {
    int dot = path.indexOf('.');
    String field = dot < 0 ? path : path.substring(0, dot);
    if (field.equals("line_items")) {
      object.set(field, lines(own, object.path("id").asText(), new Parameters(Map.of())));
      return;
    }
    JsonNode value = object.path(field);
    Optional<ObjectNode> found = value.isTextual() ? own.any(value.asText()) : Optional.empty();
    found.ifPresent(expanded -> {
      if (dot >= 0) {
        expand(own, expanded, path.substring(dot + 1));
      }
      object.set(field, expanded);
    });
  }

  private static Predicate<ObjectNode> matching(Parameters parameters, String... fields) {
    Predicate<ObjectNode> all = object -> true;
    for (String field : fields) {
      String wanted = parameters.text(field);
      if (wanted != null) {
        all = all.and(object -> wanted.equals(JsonText.text(object, field)));
      }
    }
    return all;
  }

  private static Predicate<ObjectNode> is(String kind) {
    return object -> kind.equals(JsonText.text(object, "object"));
  }
}
