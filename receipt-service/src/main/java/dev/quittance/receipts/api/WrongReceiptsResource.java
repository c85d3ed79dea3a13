package dev.quittance.receipts.api;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.contracts.Money;
import dev.quittance.receipts.store.ReceiptRow;
import dev.quittance.receipts.store.Receipts;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/// The receipts that went out with an amount that the facts don't support.
@Path("/receipts/wrong")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class WrongReceiptsResource {

  private final Receipts receipts;

  WrongReceiptsResource(Receipts receipts) {
    this.receipts = receipts;
  }

  /// A receipt that went out.
  ///
  /// @param supported what the facts say instead: nothing where there was no such payment or refund
  public record Wrong(ReceiptView receipt, Money supported) {

    static Wrong of(ReceiptRow row) {
      Money supported =
          row.supportedMinor == null || row.supportedCurrency == null
              ? Money.ofMinor(row.amountMinor, row.currency)
              : Money.ofMinor(row.supportedMinor, row.supportedCurrency);
      return new Wrong(ReceiptView.of(row), supported);
    }
  }

  /// A page of them.
  ///
  /// @param next behind which the next page begins; absent when there is none
  public record Page(List<Wrong> receipts, @Nullable String next) {}

  @GET
  @Needs(Role.OPERATOR)
  @Operation(summary = "The receipts whose amount the facts don't support, by their ids")
  public Page list(@QueryParam("after") @Nullable String after) {
    List<ReceiptRow> rows = receipts.wrong(after == null ? "" : after);
    return new Page(
        rows.stream().map(Wrong::of).toList(),
        rows.size() < Receipts.PAGE ? null : rows.getLast().id);
  }
}
