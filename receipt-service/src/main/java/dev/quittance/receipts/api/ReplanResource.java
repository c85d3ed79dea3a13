package dev.quittance.receipts.api;

import dev.quittance.access.Problem;
import dev.quittance.access.UrlText;
import dev.quittance.receipts.persistence.OrderBatches;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Plans the receipts of stored orders again, a batch at a time. Whoever asks goes on with the
/// answer's `next`; stopping anywhere, and asking again, is safe.
@Path("/receipts/replan")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ReplanResource {

  /// `next` once more, as with the orders' refold: encoded as `after` wants it.
  private static final String NEXT = "X-Next";

  private static final Logger LOG = Logger.getLogger(ReplanResource.class);

  private final OrderBatches.Walk receipts;

  ReplanResource(OrderBatches.Walk receipts) {
    this.receipts = receipts;
  }

  @POST
  @Operation(summary = "Plans the receipts of stored orders again, a batch at a time")
  public RestResponse<OrderBatches.Batch> replan(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("200") int limit,
      @QueryParam("dry-run") @DefaultValue("false") boolean dryRun,
      @Context SecurityContext caller) {
    if (limit < 1 || limit > OrderBatches.ORDERS_MAX) {
      throw Problem.badRequest("limit is a number from 1 to " + OrderBatches.ORDERS_MAX + ".");
    }
    if (after != null && !after.isEmpty()) {
      Requests.orderId(after);
    }
    if (!dryRun) {
      LOG.infof(
          "receipts.replan_asked after=%s limit=%d by=%s",
          UrlText.encoded(Objects.requireNonNullElse(after, "")),
          limit,
          caller.getUserPrincipal().getName());
    }
    OrderBatches.Batch batch = receipts.next(after, limit, dryRun);
    var answer = RestResponse.ResponseBuilder.ok(batch);
    if (batch.next() != null) {
      answer.header(NEXT, UrlText.encoded(batch.next().value()));
    }
    return answer.build();
  }
}
