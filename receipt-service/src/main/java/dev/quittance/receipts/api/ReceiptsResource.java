package dev.quittance.receipts.api;

import dev.quittance.contracts.OrderId;
import dev.quittance.receipts.store.Receipts;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/// `GET /receipts?order=…`.
@Path("/receipts")
@Produces(MediaType.APPLICATION_JSON)
public class ReceiptsResource {

  private final Receipts receipts;

  ReceiptsResource(Receipts receipts) {
    this.receipts = receipts;
  }

  @GET
  @Operation(summary = "The receipts of an order, the oldest first")
  public ReceiptView.Page list(
      @Parameter(required = true, example = "stripe:pi_3Qx") @QueryParam("order")
          @Nullable String order) {
    return new ReceiptView.Page(receipts.of(orderId(order)).stream().map(ReceiptView::of).toList());
  }

  private static OrderId orderId(@Nullable String text) {
    if (text == null) {
      throw new BadRequest("Say which order: ?order={account}:{payment reference}.");
    }
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("An order's id is {account}:{payment reference}.");
    }
  }
}
