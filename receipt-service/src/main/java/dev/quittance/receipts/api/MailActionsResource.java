package dev.quittance.receipts.api;

import dev.quittance.access.Needs;
import dev.quittance.access.Problem;
import dev.quittance.access.Role;
import dev.quittance.receipts.mail.MailRoom;
import dev.quittance.receipts.store.CodeActions;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.Receipts;
import dev.quittance.receipts.store.UndeliverableMails;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/// What operators do with mails that were given up, and with codes.
@Path("/receipts")
@Produces(MediaType.APPLICATION_JSON)
public class MailActionsResource {

  /// PostgreSQL keeps fewer years than Java counts; nobody means any beyond.
  private static final Instant SINCE_MAX = Instant.parse("9999-01-01T00:00:00Z");

  private final UndeliverableMails undeliverable;
  private final CodeActions codes;
  private final MailRoom mailRoom;
  private final Receipts receipts;
  private final CodeTable letters;

  MailActionsResource(
      UndeliverableMails undeliverable,
      CodeActions codes,
      MailRoom mailRoom,
      Receipts receipts,
      CodeTable letters) {
    this.undeliverable = undeliverable;
    this.codes = codes;
    this.mailRoom = mailRoom;
    this.receipts = receipts;
    this.letters = letters;
  }

  /// The mails that failed.
  ///
  /// @param receipts given up since the time that was asked for, the latest first, 200 at most
  /// @param receiptsInAll how many there are
  /// @param codes letters with a code that is kept although nothing sends it by itself, whenever
  ///   that was: customers have paid for them. The newest first, 200 at most
  /// @param codesInAll how many there are
  /// @param resendable how many of what was given up since then can be sent again, receipts and
  ///   codes
  public record FailedMails(
      List<ReceiptView> receipts,
      long receiptsInAll,
      List<ReceiptView.Code> codes,
      long codesInAll,
      long resendable) {}

  @GET
  @Path("/undeliverable")
  @Needs(Role.OPERATOR)
  @Blocking
  @Operation(summary = "The receipts given up since a time, and the codes that wait for somebody")
  public FailedMails undeliverable(
      @Parameter(required = true, example = "2026-11-30T08:00:00Z") @QueryParam("since")
          @Nullable String since) {
    Instant from = instant(since);
    UndeliverableMails.Count found = undeliverable.since(from);
    return new FailedMails(
        receipts.undeliverable(from).stream().map(ReceiptView::of).toList(),
        receipts.countUndeliverable(from),
        letters.kept(Receipts.PAGE).stream().map(ReceiptView.Code::of).toList(),
        letters.countKept(),
        found.receipts() + found.codes());
  }

  /// What is to be sent again.
  ///
  /// @param since given up since then, RFC 3339
  /// @param by for whom, for the audit, beside the caller
  /// @param dryRun only count
  public record Undeliverable(
      @Nullable String since, @Nullable String by, @Nullable Boolean dryRun) {}

  /// What was sent again, or would be.
  ///
  /// @param codes letters with codes
  /// @param remaining how many are left, receipts and codes: ask again for them
  public record Resent(long receipts, long codes, long remaining, boolean dryRun) {}

  /// Twice is as good as once: what is due again isn't undeliverable any more.
  @POST
  @Path("/resend-undeliverable")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Has all sent again that became undeliverable since a time, or counts it")
  @RequestBody(content = @Content(schema = @Schema(implementation = Undeliverable.class)))
  public Response resendUndeliverable(@Context SecurityContext caller, byte @Nullable [] body) {
    Undeliverable wish =
        Requests.read(
            body,
            Undeliverable.class,
            "The body is JSON: {\"since\": \"2026-11-30T08:00:00Z\", \"by\": …, \"dryRun\": …}.");
    Instant since = instant(wish.since());
    String by = Requests.by(wish.by(), caller);
    if (Boolean.TRUE.equals(wish.dryRun())) {
      UndeliverableMails.Count found = undeliverable.since(since);
      return Response.ok(new Resent(found.receipts(), found.codes(), 0, true)).build();
    }
    UndeliverableMails.Count done = undeliverable.resend(since, by);
    mailRoom.wake();
    return Response.accepted(new Resent(done.receipts(), done.codes(), done.remaining(), false))
        .build();
  }

  /// A letter with a code that something was done with.
  ///
  /// @param status `due`, or `undeliverable` when its code was discarded
  /// @param to masked
  public record Code(String id, String status, @Nullable String to) {}

  @POST
  @Path("/codes/{id: cod_[a-z0-9]+}/resend")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Has a letter with a code sent again, to the same or a corrected address")
  @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Resending.class)))
  public Response resendCode(
      @PathParam("id") String id,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    Response answer = answer(codes.resend(id, Requests.resending(body, key, caller)), id, "due");
    mailRoom.wake();
    return answer;
  }

  /// Nobody can bring it back, as with a customer who is erased.
  @POST
  @Path("/codes/{id: cod_[a-z0-9]+}/discard")
  @Needs(Role.ADMIN)
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Deletes the code of a letter that was not delivered, for good")
  @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Resending.class)))
  public Response discardCode(
      @PathParam("id") String id,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    return answer(codes.discard(id, Requests.resending(body, key, caller)), id, "undeliverable");
  }

  private static Response answer(CodeActions.Answer answer, String id, String status) {
    return switch (answer) {
      case CodeActions.Answer.Done(var to) -> Response.accepted(new Code(id, status, to)).build();
      case CodeActions.Answer.Unknown() -> throw new NotFoundException();
      case CodeActions.Answer.CodeGone() ->
          Problem.of(
                  410,
                  "code_gone",
                  "Gone",
                  "The code isn't kept any more: it was delivered or discarded.")
              .response();
      case CodeActions.Answer.UnderWay(var now) ->
          Requests.underWay("It is " + now.wireName() + " now; wait for it.").response();
      case CodeActions.Answer.Addressless() ->
          throw Requests.bad("The order has no address: say where to.");
      case CodeActions.Answer.KeyReused() -> Requests.KEY_REUSED.response();
    };
  }

  private static Instant instant(@Nullable String text) {
    try {
      Instant since = Instant.parse(text == null ? "" : text);
      if (!since.isBefore(Instant.EPOCH) && since.isBefore(SINCE_MAX)) {
        return since;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw Requests.bad("Say since when: 2026-11-30T08:00:00Z, for example.");
  }
}
