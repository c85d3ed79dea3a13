package dev.quittance.console.mails;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.console.ActionResult;
import dev.quittance.console.Confirmation;
import dev.quittance.console.Confirmation.Field;
import dev.quittance.console.Labels;
import dev.quittance.console.Panels;
import dev.quittance.console.orders.OrderPage;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ReceiptClient.Proposed;
import dev.quittance.fulfillment.clients.ReceiptClient.ReceiptDetail;
import dev.quittance.fulfillment.clients.ReceiptClient.Wrong;
import dev.quittance.fulfillment.clients.ReceiptClient.WrongList;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.Audit;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/// The receipts that went out with an amount that the facts don't support. Nothing tells their
/// customers by itself; here somebody reads the correction, and sends it.
@Path("/console/wrong-receipts")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class WrongReceiptsPage {

  private static final String PATH = "/console/wrong-receipts";

  /// As receipt-service makes them.
  private static final Pattern ID = Pattern.compile("rcp_[a-z2-7]{26}");

  private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}");

  private final ReceiptClient receipts;
  private final MailActions actions;
  private final Audit audit;
  private final PageFrame shell;

  WrongReceiptsPage(ReceiptClient receipts, MailActions actions, Audit audit, PageFrame shell) {
    this.receipts = receipts;
    this.actions = actions;
    this.audit = audit;
    this.shell = shell;
  }

  /// A wrong receipt in the page's words.
  ///
  /// @param correctable whether its correction can be sent now
  public record Row(
      String id,
      String number,
      String order,
      String path,
      String kind,
      String to,
      String sent,
      String said,
      String right,
      boolean correctable) {

    static Row of(Wrong wrong) {
      ReceiptClient.Receipt receipt = wrong.receipt();
      return new Row(
          receipt.id(),
          Objects.requireNonNullElse(receipt.number(), Labels.NOTHING),
          receipt.order(),
          OrderPage.path(new OrderId(receipt.order())),
          receipt.kind(),
          Objects.requireNonNullElse(receipt.to(), Labels.NOTHING),
          Labels.time(receipt.sentAt()),
          Labels.money(receipt.amount()),
          Labels.money(wrong.supported()),
          wrong.correctable());
    }
  }

  /// @param after the last one of the page before
  /// @param did the audit's entry of what was just done, or the receipt that was corrected
  @GET
  public Response show(
      @QueryParam("after") @Nullable String after, @QueryParam("did") @Nullable String did)
      throws SQLException {
    if (after != null && !ID.matcher(after).matches()) {
      return page(400, "", "There is no such page.", "bad");
    }
    String notice =
        "correct".equals(did)
            ? "The correction is on its way."
            : did != null && ENTRY.matcher(did).matches()
                ? audit.outcome(Long.parseLong(did), MailActions.WRONG).orElse("")
                : "";
    return page(200, after == null ? "" : after, notice, "good");
  }

  /// How many wait for somebody, for the link to this page.
  @GET
  @Path("/count")
  public TemplateInstance count() {
    return receipts.wrong("") instanceof ServiceReply.Got<WrongList>(var list)
        ? Panels.count(list.correctable())
        : Panels.count(0);
  }

  /// Shows the correction of a receipt, which names the customer, so who looked is written down;
  /// then sends it.
  @POST
  @Path("/correct")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response correct(
      @RestForm @Nullable String receipt,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    if (receipt == null || !ID.matcher(receipt).matches()) {
      throw new NotFoundException();
    }
    return Confirmation.key(confirmed, key) == null ? ask(receipt) : send(receipt);
  }

  private Response ask(String receipt) throws SQLException {
    return switch (receipts.correction(receipt)) {
      case ServiceReply.Got<Proposed>(var mail) -> {
        Row row = Row.of(mail.receipt());
        audit.note(shell.person(), "correction.read", row.order(), receipt);
        var confirmation =
            new Confirmation(
                "Send this correction?",
                List.of(
                    "It can't be called back. The receipt that it corrects stays as it was sent."),
                PATH + "/correct",
                Confirmation.with(List.of(new Field("receipt", receipt))),
                "Send correction",
                false,
                PATH);
        yield Response.ok(
                Templates.correction(row, mail.subject(), mail.text(), confirmation).render())
            .build();
      }
      case ServiceReply.Refused<Proposed>(var status, _, var sentence) ->
          page(status, "", sentence, "bad");
      case ServiceReply.Away<Proposed>(var sentence) -> page(503, "", sentence, "bad");
    };
  }

  private Response send(String receipt) throws SQLException {
    return switch (receipts.receipt(receipt)) {
      case ServiceReply.Got<ReceiptDetail>(var detail) -> {
        ActionResult result = actions.correct(shell.person(), detail.receipt().order(), receipt);
        yield result.done()
            ? Response.seeOther(URI.create(PATH + "?did=correct")).build()
            : page(result.status(), "", result.sentence(), "bad");
      }
      case ServiceReply.Refused<ReceiptDetail>(var status, _, var sentence) ->
          page(status, "", sentence, "bad");
      case ServiceReply.Away<ReceiptDetail>(var sentence) -> page(503, "", sentence, "bad");
    };
  }

  @POST
  @Path("/correct-all")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response correctAll(@RestForm @Nullable String confirmed, @RestForm @Nullable String key)
      throws SQLException {
    if (Confirmation.key(confirmed, key) != null) {
      MailActions.Outcome outcome = actions.correctAll(shell.person());
      return outcome.result().done()
          ? Response.seeOther(URI.create(PATH + "?did=" + outcome.entry())).build()
          : page(outcome.result().status(), "", outcome.result().sentence(), "bad");
    }
    return switch (receipts.wrong("")) {
      case ServiceReply.Got<WrongList>(var list) ->
          list.correctable() == 0
              ? page(409, "", "No receipt can be corrected now.", "bad")
              : askForAll(list.correctable());
      case ServiceReply.Refused<WrongList>(var status, _, var sentence) ->
          page(status, "", sentence, "bad");
      case ServiceReply.Away<WrongList>(var sentence) -> page(503, "", sentence, "bad");
    };
  }

  private static Response askForAll(long correctable) {
    String corrections = MailActions.counted(correctable, "correction");
    var confirmation =
        new Confirmation(
            "Send " + corrections + "?",
            List.of(
                "The customer of each wrong receipt gets a mail that says what it said and what is"
                    + " right. Read one of them first: Send correction… shows it.",
                "They can't be called back."),
            PATH + "/correct-all",
            Confirmation.with(List.of()),
            "Send " + corrections,
            false,
            PATH);
    return Response.ok(confirmation.page("").render()).build();
  }

  private Response page(int status, String after, String notice, String tone) {
    TemplateInstance page =
        switch (receipts.wrong(after)) {
          case ServiceReply.Got<WrongList>(var list) ->
              Templates.wrongReceipts(
                  list.receipts().stream().map(Row::of).toList(),
                  Objects.requireNonNullElse(list.next(), ""),
                  list.correctable(),
                  "",
                  notice,
                  tone);
          case ServiceReply.Refused<WrongList>(_, _, var sentence) ->
              Templates.wrongReceipts(List.of(), "", 0, sentence, notice, tone);
          case ServiceReply.Away<WrongList>(var sentence) ->
              Templates.wrongReceipts(List.of(), "", 0, sentence, notice, tone);
        };
    return Response.status(status).entity(page.render()).build();
  }

  @CheckedTemplate(basePath = "console/mails", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance wrongReceipts(
        List<Row> rows,
        String next,
        long correctable,
        String trouble,
        String notice,
        String noticeTone);

    static native TemplateInstance correction(
        Row row, String subject, String text, Confirmation confirmation);
  }
}
