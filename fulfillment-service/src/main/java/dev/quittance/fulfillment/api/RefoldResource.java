package dev.quittance.fulfillment.api;

import dev.quittance.access.Problem;
import dev.quittance.access.UrlText;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.usecase.RefoldOrders;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Folds stored orders again, a batch at a time: after a fold that was wrong, and after a
/// migration. Whoever asks goes on with the answer's `next`; stopping anywhere, and asking again,
/// is safe.
@Path("/orders/refold")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RefoldResource {

  /// `next` once more, encoded as `after` wants it, for whoever has no JSON parser.
  private static final String NEXT = "X-Next";

  private final RefoldOrders orders;
  private final Audit audit;
  private final PageFrame shell;

  RefoldResource(RefoldOrders orders, Audit audit, PageFrame shell) {
    this.orders = orders;
    this.audit = audit;
    this.shell = shell;
  }

  @POST
  public Response refold(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("200") int limit,
      @QueryParam("dry-run") @DefaultValue("false") boolean dryRun)
      throws SQLException {
    if (limit < 1 || limit > RefoldOrders.ORDERS_MAX) {
      throw Problem.of(
              400, "invalid_limit", "limit is a number from 1 to " + RefoldOrders.ORDERS_MAX + ".")
          .exception();
    }
    if (after != null && !after.isEmpty() && !isOrder(after)) {
      throw Problem.of(400, "invalid_after", "after is an order's id, as next said it.")
          .exception();
    }
    RefoldOrders.Batch batch = dryRun ? orders.next(after, limit, true) : refolded(after, limit);
    Response.ResponseBuilder answer = Response.ok(WireFormat.write(batch));
    if (batch.next() != null) {
      answer.header(NEXT, UrlText.encoded(batch.next().value()));
    }
    return answer.build();
  }

  /// Written down batch by batch: each is asked for by itself, and changes what others are told.
  private RefoldOrders.Batch refolded(@Nullable String after, int limit) throws SQLException {
    long entry =
        audit.begin(
            shell.person(),
            "orders.refolded",
            "orders",
            limit + " orders" + (after == null || after.isEmpty() ? "" : " after " + after));
    RefoldOrders.Batch batch = orders.next(after, limit, false);
    audit.end(entry, Audit.DONE + ", " + batch.changed() + " of " + batch.orders() + " changed");
    return batch;
  }

  private static boolean isOrder(String after) {
    try {
      return !new OrderId(after).value().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
