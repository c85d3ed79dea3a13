package dev.quittance.receipts.api;

import dev.quittance.access.Needs;
import dev.quittance.access.Problem;
import dev.quittance.access.Role;
import dev.quittance.contracts.Money;
import dev.quittance.receipts.mail.MailRoom;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.store.ReceiptRow;
import dev.quittance.receipts.store.Receipts;
import dev.quittance.receipts.store.WrongReceipts;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/// The receipts that went out with an amount that the facts don't support, and their corrections,
/// which nothing but these two doors makes.
@Path("/receipts/wrong")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class WrongReceiptsResource {

  private static final String SHAPE =
      "The body is JSON: {\"by\": …, \"dryRun\": …}, both optional.";

  private static final Problem ERASED =
      Problem.of(410, "erased", "Gone", "Its customer was erased: there is nobody to be told.");

  private static final Problem NOT_WRONG =
      Problem.of(409, "not_wrong", "Conflict", "The facts support what this receipt says.");

  private final Receipts receipts;
  private final WrongReceipts wrong;
  private final MailRoom mailRoom;

  WrongReceiptsResource(Receipts receipts, WrongReceipts wrong, MailRoom mailRoom) {
    this.receipts = receipts;
    this.wrong = wrong;
    this.mailRoom = mailRoom;
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
    List<ReceiptRow> rows = receipts.wrong(after == null ? "" : place(after));
    return new Page(
        rows.stream().map(Wrong::of).toList(),
        rows.size() < Receipts.PAGE ? null : rows.getLast().id);
  }

  private static String place(String after) {
    try {
      return new ReceiptId(after).value();
    } catch (IllegalArgumentException e) {
      throw Requests.bad("after is next of the page before.");
    }
  }

  /// What is to be corrected.
  ///
  /// @param by for whom, for the audit, beside the caller
  /// @param dryRun only count; of all only
  public record Correcting(@Nullable String by, @Nullable Boolean dryRun) {}

  /// What was corrected, or would be.
  ///
  /// @param remaining how many are left: ask again for them
  public record Corrected(long corrections, long remaining, boolean dryRun) {}

  @POST
  @Path("/{id: rcp_[a-z0-9]+}/correct")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Sends the customer of a wrong receipt a correction, once for each amount")
  @RequestBody(content = @Content(schema = @Schema(implementation = Correcting.class)))
  public Response correct(
      @PathParam("id") String id, byte @Nullable [] body, @Context SecurityContext caller) {
    String by = Requests.by(wish(body).by(), caller);
    return switch (wrong.correct(Requests.receiptId(id), by)) {
      case WrongReceipts.Answer.Made(var correction) -> {
        mailRoom.wake();
        yield Response.accepted(ReceiptView.of(receipts.findById(correction.value()))).build();
      }
      case WrongReceipts.Answer.Unknown() -> throw new NotFoundException();
      case WrongReceipts.Answer.NotWrong() -> NOT_WRONG.response();
      case WrongReceipts.Answer.UnderWay() ->
          Requests.underWay("An earlier correction of it is on its way; wait for it.").response();
      case WrongReceipts.Answer.Erased() -> ERASED.response();
    };
  }

  /// Twice is as good as once: what was corrected isn't wrong any more.
  @POST
  @Path("/correct-all")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Sends corrections of all wrong receipts, or counts them")
  @RequestBody(content = @Content(schema = @Schema(implementation = Correcting.class)))
  public Response correctAll(byte @Nullable [] body, @Context SecurityContext caller) {
    Correcting wish = wish(body);
    String by = Requests.by(wish.by(), caller);
    if (Boolean.TRUE.equals(wish.dryRun())) {
      return Response.ok(new Corrected(wrong.count().corrections(), 0, true)).build();
    }
    WrongReceipts.Count done = wrong.correctAll(by);
    mailRoom.wake();
    return Response.accepted(new Corrected(done.corrections(), done.remaining(), false)).build();
  }

  private static Correcting wish(byte @Nullable [] body) {
    return body == null || body.length == 0
        ? new Correcting(null, null)
        : Requests.read(body, Correcting.class, SHAPE);
  }
}
