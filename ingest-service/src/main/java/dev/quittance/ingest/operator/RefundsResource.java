package dev.quittance.ingest.operator;

import dev.quittance.access.Problem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.Refunds.Outcome;
import dev.quittance.ingest.provider.Refunds.Why;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// `POST /refunds`: asks the provider to give money back, once for each `Idempotency-Key`. What
/// becomes of it comes back by webhook; nothing here touches an order.
@Path("/refunds")
@Produces(MediaType.APPLICATION_JSON)
public final class RefundsResource {

  private static final Logger LOG = Logger.getLogger(RefundsResource.class);

  /// A provider that limits us forgets it within seconds.
  private static final int RETRY_AFTER_SECONDS = 5;

  /// A note of 500 characters in six bytes each, and the rest; more is no refund.
  private static final int BODY_BYTES_MAX = 8_192;

  private final Endpoints endpoints;
  private final Providers providers;

  RefundsResource(Endpoints endpoints, Providers providers) {
    this.endpoints = endpoints;
    this.providers = providers;
  }

  /// What the provider has taken.
  record Accepted(String refund, String status, Money amount, String endpoint) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  public Response refund(
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    RefundRequest request;
    try {
      request = read(body);
    } catch (UnreadableEvent e) {
      throw Problem.badRequest("The body is not what is expected here.");
    }
    Optional<String> complaint = request.complaint(key);
    if (complaint.isPresent()) {
      throw Problem.badRequest(complaint.get());
    }
    return refund(
        Objects.requireNonNull(request.order()),
        request,
        Objects.requireNonNull(key),
        caller.getUserPrincipal().getName());
  }

  private static RefundRequest read(byte @Nullable [] body) {
    if (body == null || body.length == 0 || body.length > BODY_BYTES_MAX) {
      throw new UnreadableEvent("no refund is that short or long");
    }
    return WireFormat.readRequest(body, RefundRequest.class);
  }

  private Response refund(OrderId order, RefundRequest request, String key, String by) {
    List<Endpoint> ofAccount =
        endpoints.all().stream()
            .filter(endpoint -> endpoint.account().equals(order.account()))
            .sorted((one, other) -> one.name().compareTo(other.name()))
            .toList();
    if (ofAccount.isEmpty()) {
      return Problem.of(
              404, "no_such_account", "Not Found", "No endpoint has the account of this order.")
          .response();
    }
    for (Endpoint endpoint : ofAccount) {
      Optional<Refunds> refunds = providers.of(endpoint).refunds(endpoint);
      if (refunds.isPresent()) {
        Outcome outcome =
            refunds
                .get()
                .refund(
                    new Refunds.Request(
                        order.paymentReference(),
                        request.connectedAccount(),
                        request.amount(),
                        Objects.requireNonNullElse(request.reason(), Why.REQUESTED_BY_CUSTOMER),
                        request.note(),
                        key));
        LOG.infof(
            "refund.asked order=%s endpoint=%s outcome=%s by=%s",
            order, endpoint.name(), outcome.getClass().getSimpleName(), by);
        return answer(outcome, endpoint);
      }
    }
    return impossible(ofAccount.getFirst());
  }

  private Response impossible(Endpoint endpoint) {
    return switch (providers.of(endpoint).apiAccess(endpoint)) {
      case NONE ->
          Problem.of(
                  409,
                  "refunds_not_offered",
                  "Conflict",
                  "This provider has no API for refunds. Refund in its own dashboard; what it"
                      + " tells about it arrives here.")
              .response();
      case NO_KEY, KEY ->
          Problem.of(
                  409,
                  "no_api_key",
                  "Conflict",
                  "The endpoint " + endpoint.name() + " has no API key to refund with; set one.")
              .response();
    };
  }

  private static Response answer(Outcome outcome, Endpoint endpoint) {
    return switch (outcome) {
      case Outcome.Asked(var refund, var status, var amount) ->
          Response.status(201)
              .entity(WireFormat.write(new Accepted(refund, status, amount, endpoint.name())))
              .build();
      case Outcome.Refused(var code, var sentence) ->
          Problem.of(422, code, "The provider refuses this refund", sentence).response();
      case Outcome.NotAllowed() ->
          Problem.of(
                  502,
                  "api_key_refused",
                  "The provider refuses our API key",
                  "The API key of the endpoint "
                      + endpoint.name()
                      + " is wrong, or may not refund.")
              .response();
      case Outcome.NotNow(_) ->
          Problem.of(
                  503,
                  "provider_unavailable",
                  "The provider can't take it now",
                  "Nothing was refunded. Ask again with the same Idempotency-Key.")
              .response(RETRY_AFTER_SECONDS);
      case Outcome.Unknown() ->
          Problem.of(
                  504,
                  "outcome_unknown",
                  "The provider didn't answer",
                  "It may have refunded or not. Ask again with the same Idempotency-Key: that"
                      + " finds out and refunds once.")
              .response();
    };
  }
}
