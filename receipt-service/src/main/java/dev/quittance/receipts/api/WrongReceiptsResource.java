package dev.quittance.receipts.api;

import dev.quittance.access.Needs;
import dev.quittance.access.Problem;
import dev.quittance.access.RequestReader;
import dev.quittance.access.Role;
import dev.quittance.contracts.Money;
import dev.quittance.receipts.actions.CorrectReceipts;
import dev.quittance.receipts.mail.MailBranding;
import dev.quittance.receipts.mail.MailDispatcher;
import dev.quittance.receipts.persistence.MailQueries;
import dev.quittance.receipts.persistence.MailRow;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.render.Rendered;
import dev.quittance.receipts.render.Renderer;
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
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The receipts that went out with an amount that the facts don't support, and their corrections,
/// which nothing but these two doors makes.
@Path("/receipts/wrong")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class WrongReceiptsResource {

  private static final Logger LOG = Logger.getLogger(WrongReceiptsResource.class);

  private static final String SHAPE =
      "The body is JSON: {\"by\": …, \"dryRun\": …}, both optional.";

  private static final Problem ERASED =
      Problem.of(410, "erased", "Gone", "Its customer was erased: there is nobody to notify.");

  private static final Problem UNREADABLE =
      Problem.of(409, "unreadable", "Conflict", "This version can't read what this receipt said.");

  private static final Problem NOT_WRONG =
      Problem.of(409, "not_wrong", "Conflict", "The facts support what this receipt says.");

  /// Where the correction's own number will stand, which it gets when it is sent.
  private static final String NO_NUMBER_YET = "…";

  private final MailQueries mails;
  private final CorrectReceipts wrong;
  private final MailDispatcher dispatcher;
  private final Renderer renderer;
  private final MailBranding branding;

  WrongReceiptsResource(
      MailQueries mails,
      CorrectReceipts wrong,
      MailDispatcher dispatcher,
      Renderer renderer,
      MailBranding branding) {
    this.mails = mails;
    this.wrong = wrong;
    this.dispatcher = dispatcher;
    this.renderer = renderer;
    this.branding = branding;
  }

  /// A receipt that went out.
  ///
  /// @param supported what the facts say instead: nothing where there was no such payment or refund
  /// @param correctable whether a correction can be sent now: no earlier one is on its way, and the
  ///   customer was not erased
  public record Wrong(ReceiptView receipt, Money supported, boolean correctable) {

    static Wrong of(MailRow row, boolean correctable) {
      Money supported =
          row.supportedMinor == null || row.supportedCurrency == null
              ? ReceiptView.amount(row)
              : Money.ofMinor(row.supportedMinor, row.supportedCurrency);
      return new Wrong(ReceiptView.of(row), supported, correctable);
    }
  }

  /// A page of them.
  ///
  /// @param next behind which the next page begins; absent when there is none
  /// @param correctable how many of all can be corrected now
  public record Page(List<Wrong> receipts, @Nullable String next, long correctable) {}

  @GET
  @Needs(Role.OPERATOR)
  @Operation(summary = "The receipts whose amount the facts don't support, by their ids")
  public Page list(@QueryParam("after") @Nullable String after) {
    List<MailRow> rows = mails.wrong(Requests.cursor(after));
    Set<String> correctable = wrong.correctable(rows.stream().map(row -> row.id).toList());
    return new Page(
        rows.stream().map(row -> Wrong.of(row, correctable.contains(row.id))).toList(),
        rows.size() < MailQueries.PAGE ? null : rows.getLast().id,
        wrong.count());
  }

  /// A wrong receipt, and the mail that would correct it.
  ///
  /// @param text the correction's words, in the customer's language; its number comes when it is
  ///   sent
  public record Proposed(Wrong receipt, String subject, String text) {

    /// Both name the customer.
    @Override
    public String toString() {
      return "Proposed[" + receipt.receipt().id() + "]";
    }
  }

  @GET
  @Path("/{id: rcp_[a-z0-9]+}/correction")
  @Needs(Role.OPERATOR)
  @Operation(summary = "The correction of a wrong receipt as it would be sent, which sends nothing")
  public Response correction(@PathParam("id") String id, @Context SecurityContext caller) {
    ReceiptId of = Requests.receiptId(id);
    CorrectReceipts.Proposal proposal = wrong.propose(of);
    if (proposal.correction() == null) {
      return answer(proposal.answer());
    }
    // it names the customer
    LOG.infof("correction.read receipt=%s by=%s", of, caller.getUserPrincipal().getName());
    ReceiptContent content = proposal.correction().draft().content();
    Rendered mail = renderer.render(content, NO_NUMBER_YET, branding.merchant(content.seller()));
    MailRow row = mails.findById(of.value());
    return Response.ok(new Proposed(Wrong.of(row, true), mail.subject(), mail.text())).build();
  }

  /// What is to be corrected.
  ///
  /// @param by for whom, for the audit, beside the caller
  /// @param dryRun only count; of all only
  public record Correcting(@Nullable String by, @Nullable Boolean dryRun) {}

  /// What was corrected, or would be.
  ///
  /// @param remaining how many are left: ask again for them
  /// @param unreadable the ids of those that this version can't read, and so didn't correct; they
  ///   don't count as remaining, as asking again changes nothing
  public record Corrected(
      long corrections, long remaining, List<String> unreadable, boolean dryRun) {}

  @POST
  @Path("/{id: rcp_[a-z0-9]+}/correct")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Sends the customer of a wrong receipt a correction, once for each amount")
  @RequestBody(content = @Content(schema = @Schema(implementation = Correcting.class)))
  public Response correct(
      @PathParam("id") String id, byte @Nullable [] body, @Context SecurityContext caller) {
    String by = Requests.by(wish(body).by(), caller);
    CorrectReceipts.Answer answer = wrong.correct(Requests.receiptId(id), by);
    if (answer instanceof CorrectReceipts.Answer.Made) {
      dispatcher.wake();
    }
    return answer(answer);
  }

  private Response answer(CorrectReceipts.Answer answer) {
    return switch (answer) {
      case CorrectReceipts.Answer.Made(var correction) ->
          Response.accepted(ReceiptView.of(mails.findById(correction.value()))).build();
      case CorrectReceipts.Answer.Unknown() -> throw new NotFoundException();
      case CorrectReceipts.Answer.NotWrong() -> NOT_WRONG.response();
      case CorrectReceipts.Answer.UnderWay() ->
          Requests.underWay("An earlier correction of it is on its way; wait for it.").response();
      case CorrectReceipts.Answer.Erased() -> ERASED.response();
      case CorrectReceipts.Answer.Unreadable(_) -> UNREADABLE.response();
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
      return Response.ok(new Corrected(wrong.count(), 0, List.of(), true)).build();
    }
    CorrectReceipts.Count done = wrong.correctAll(by);
    dispatcher.wake();
    List<String> unreadable = done.unreadable().stream().map(ReceiptId::value).toList();
    return Response.accepted(new Corrected(done.corrections(), done.remaining(), unreadable, false))
        .build();
  }

  private static Correcting wish(byte @Nullable [] body) {
    return RequestReader.body(body, Correcting.class, SHAPE);
  }
}
