package dev.quittance.receipts.api;

import dev.quittance.access.Needs;
import dev.quittance.access.Problem;
import dev.quittance.access.RequestReader;
import dev.quittance.access.Role;
import dev.quittance.receipts.actions.ResendMail;
import dev.quittance.receipts.actions.ResendUndeliverable;
import dev.quittance.receipts.mail.MailDispatcher;
import dev.quittance.receipts.persistence.MailQueries;
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

  private final ResendUndeliverable undeliverable;
  private final ResendMail codes;
  private final MailDispatcher dispatcher;
  private final MailQueries mails;

  MailActionsResource(
      ResendUndeliverable undeliverable,
      ResendMail codes,
      MailDispatcher dispatcher,
      MailQueries mails) {
    this.undeliverable = undeliverable;
    this.codes = codes;
    this.dispatcher = dispatcher;
    this.mails = mails;
  }

  /// The mails that failed.
  ///
  /// @param receipts given up since the time that was asked for, the latest first, 200 at most
  /// @param receiptsInAll how many there are
  /// @param codes mails with a code that is kept although nothing sends it by itself, whenever that
  ///   was: customers have paid for them. The newest first, 200 at most
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
    ResendUndeliverable.Count found = undeliverable.since(from);
    return new FailedMails(
        mails.undeliverable(from).stream().map(ReceiptView::of).toList(),
        mails.countUndeliverable(from),
        mails.keptCodes().stream().map(ReceiptView.Code::of).toList(),
        mails.countKeptCodes(),
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
  /// @param codes mails with codes
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
        RequestReader.body(
            body,
            Undeliverable.class,
            "The body is JSON: {\"since\": \"2026-11-30T08:00:00Z\", \"by\": …, \"dryRun\": …}.");
    Instant since = instant(wish.since());
    String by = Requests.by(wish.by(), caller);
    if (Boolean.TRUE.equals(wish.dryRun())) {
      ResendUndeliverable.Count found = undeliverable.since(since);
      return Response.ok(new Resent(found.receipts(), found.codes(), 0, true)).build();
    }
    ResendUndeliverable.Count done = undeliverable.resend(since, by);
    dispatcher.wake();
    return Response.accepted(new Resent(done.receipts(), done.codes(), done.remaining(), false))
        .build();
  }

  /// A mail with a code that something was done with.
  ///
  /// @param status `due`, or `undeliverable` when its code was discarded
  /// @param to masked
  public record Code(String id, String status, @Nullable String to) {}

  @POST
  @Path("/codes/{id: cod_[a-z0-9]+}/resend")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Has a mail with a code sent again, to the same or a corrected address")
  @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Resending.class)))
  public Response resendCode(
      @PathParam("id") String id,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    Response answer = answer(codes.resend(id, Requests.resending(body, key, caller)), id);
    dispatcher.wake();
    return answer;
  }

  /// Nobody can bring it back, as with a customer who is erased.
  @POST
  @Path("/codes/{id: cod_[a-z0-9]+}/discard")
  @Needs(Role.ADMIN)
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Deletes the code of a mail that was not delivered, for good")
  @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Resending.class)))
  public Response discardCode(
      @PathParam("id") String id,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    return answer(codes.discard(id, Requests.resending(body, key, caller)), id);
  }

  private static Response answer(ResendMail.Answer answer, String id) {
    return switch (answer) {
      case ResendMail.Answer.Due(_, var to, _) ->
          Response.accepted(new Code(id, "due", to)).build();
      case ResendMail.Answer.Discarded() ->
          Response.accepted(new Code(id, "undeliverable", null)).build();
      case ResendMail.Answer.Unknown() -> throw new NotFoundException();
      case ResendMail.Answer.Gone() ->
          Problem.of(
                  410,
                  "code_gone",
                  "Gone",
                  "The code isn't kept any more: it was delivered or discarded.")
              .response();
      case ResendMail.Answer.UnderWay(var now) ->
          Requests.underWay("It is " + now.wireName() + " now; wait for it.").response();
      case ResendMail.Answer.Addressless() ->
          throw Problem.badRequest("The order has no address: say where to.");
      case ResendMail.Answer.KeyReused() -> RequestReader.KEY_REUSED.response();
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
    throw Problem.badRequest("Say since when: 2026-11-30T08:00:00Z, for example.");
  }
}
