package dev.quittance.console.mails;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.console.ActionResult;
import dev.quittance.console.Confirmation;
import dev.quittance.console.Confirmation.Field;
import dev.quittance.console.Labels;
import dev.quittance.console.Panels;
import dev.quittance.console.orders.OrderPage;
import dev.quittance.console.orders.ReceiptLine;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ReceiptClient.Code;
import dev.quittance.fulfillment.clients.ReceiptClient.FailedList;
import dev.quittance.fulfillment.clients.ReceiptClient.ReceiptList;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/// The mails that nobody got: receipts that were given up since a time, to be sent again at once,
/// and codes that wait for somebody.
@Path("/console/failed-mail")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class FailedMailPage {

  private static final String PATH = "/console/failed-mail";

  /// Who looks once a week sees all; older ones are asked for.
  private static final Duration SHOWN = Duration.ofDays(7);

  /// A time to the nanosecond with its zone is shorter.
  private static final int SINCE_LENGTH_MAX = 40;

  private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}");

  /// As browsers fill in a field for a date and a time.
  private static final DateTimeFormatter FIELD =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ReceiptClient receipts;
  private final MailActions actions;
  private final Audit audit;
  private final PageFrame shell;
  private final Clock clock;

  FailedMailPage(
      ReceiptClient receipts, MailActions actions, Audit audit, PageFrame shell, Clock clock) {
    this.receipts = receipts;
    this.actions = actions;
    this.audit = audit;
    this.shell = shell;
    this.clock = clock;
  }

  /// @param did the audit's entry of what was just done, whose outcome is shown
  @GET
  public Response show(
      @QueryParam("since") @Nullable String since, @QueryParam("did") @Nullable String did)
      throws SQLException {
    Asked asked = asked(since);
    String notice =
        did != null && ENTRY.matcher(did).matches()
            ? audit.outcome(Long.parseLong(did), MailActions.FAILED).orElse("")
            : "";
    return page(asked.complaint.isEmpty() ? 200 : 400, asked, notice, "good");
  }

  /// How many wait for somebody, for the link to this page.
  @GET
  @Path("/count")
  public TemplateInstance count() {
    return receipts.undeliverable(clock.instant().minus(SHOWN))
            instanceof ServiceReply.Got<FailedList>(var list)
        ? Panels.count(list.receiptsInAll() + list.codesInAll())
        : Panels.count(0);
  }

  /// Sends all again that was given up since a time.
  @POST
  @Path("/resend")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response resend(
      @RestForm @Nullable String since,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    Asked asked = asked(since);
    if (!asked.complaint.isEmpty()) {
      return page(422, asked, "", "");
    }
    if (Confirmation.key(confirmed, key) != null) {
      MailActions.Outcome outcome = actions.resendAll(shell.person(), asked.since);
      return outcome.result().done()
          ? Response.seeOther(URI.create(asked.address() + "&did=" + outcome.entry())).build()
          : page(outcome.result().status(), asked, outcome.result().sentence(), "bad");
    }
    return switch (receipts.undeliverable(asked.since)) {
      case ServiceReply.Got<FailedList>(var list) ->
          list.resendable() == 0
              ? page(
                  422,
                  asked.with("Nothing that became undeliverable since then can be sent again."),
                  "",
                  "")
              : ask(asked, list.resendable());
      case ServiceReply.Refused<FailedList>(var status, _, var sentence) ->
          page(status, asked, sentence, "bad");
      case ServiceReply.Away<FailedList>(var sentence) -> page(503, asked, sentence, "bad");
    };
  }

  private static Response ask(Asked asked, long resendable) {
    String mails = MailActions.counted(resendable, "mail");
    var confirmation =
        new Confirmation(
            "Send " + mails + " again?",
            List.of(
                "All receipts and codes that became undeliverable since "
                    + Labels.time(asked.since)
                    + " UTC.",
                "Each goes to the address that it went to before. Do this once the mail server takes"
                    + " them; a wrong address is corrected on its order's page."),
            PATH + "/resend",
            Confirmation.with(List.of(new Field("since", asked.text))),
            "Send " + mails + " again",
            false,
            asked.address());
    return Response.ok(confirmation.page("").render()).build();
  }

  /// Deletes a code that nobody got, for good.
  @POST
  @Path("/discard")
  @Needs(Role.ADMIN)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response discard(
      @RestForm @Nullable String order,
      @RestForm @Nullable String code,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    OrderId of = order(order);
    String once = Confirmation.key(confirmed, key);
    return switch (receipts.of(of)) {
      case ServiceReply.Got<ReceiptList>(var list) -> {
        Code known =
            list.codes().stream()
                .filter(one -> one.id().equals(code))
                .findFirst()
                .orElseThrow(NotFoundException::new);
        yield once == null ? askToDiscard(of, known) : discard(of, known, once);
      }
      case ServiceReply.Refused<ReceiptList>(var status, _, var sentence) ->
          page(status, asked(null), sentence, "bad");
      case ServiceReply.Away<ReceiptList>(var sentence) -> page(503, asked(null), sentence, "bad");
    };
  }

  private Response discard(OrderId order, Code code, String key) throws SQLException {
    ActionResult result = actions.discard(shell.person(), order, code.id(), key);
    return result.done()
        ? Response.seeOther(URI.create(OrderPage.path(order) + "?did=discard-code")).build()
        : page(result.status(), asked(null), result.sentence(), "bad");
  }

  private Response askToDiscard(OrderId order, Code code) {
    if (!ReceiptLine.discardable(code)) {
      return page(
          409,
          asked(null),
          "The mail with this code is "
              + Labels.plain(code.status())
              + (code.codeKept() ? "" : ", and the code isn't kept any more")
              + ": there is nothing to discard.",
          "bad");
    }
    var confirmation =
        new Confirmation(
            "Discard this code for good?",
            List.of(
                "The mail with it "
                    + (code.to() == null
                        ? "has no address to go to."
                        : "could not be delivered to " + code.to() + "."),
                "The code is deleted. Nobody can send it again or look it up here. The customer"
                    + " paid for it: discard it only if they have it already or got their money"
                    + " back."),
            PATH + "/discard",
            Confirmation.with(
                List.of(new Field("order", order.value()), new Field("code", code.id()))),
            "Discard code",
            true,
            OrderPage.path(order));
    return Response.ok(confirmation.page(order.value()).render()).build();
  }

  /// Since when, as it was typed and as it was understood.
  private record Asked(String text, Instant since, String complaint) {

    Asked with(String said) {
      return new Asked(text, since, said);
    }

    String address() {
      return PATH + "?since=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  private Asked asked(@Nullable String typed) {
    Instant now = clock.instant();
    Instant usual = now.minus(SHOWN).truncatedTo(ChronoUnit.MINUTES);
    if (typed == null || typed.isBlank()) {
      return new Asked(FIELD.format(usual), usual, "");
    }
    String text = typed.strip();
    Optional<Instant> since = time(text);
    if (since.isEmpty()) {
      return new Asked(
          text, usual, "Enter a date and a time in UTC, such as " + FIELD.format(usual) + ".");
    }
    return since.get().isAfter(now)
        ? new Asked(text, usual, "This time is still to come.")
        : new Asked(text, since.get(), "");
  }

  private static Optional<Instant> time(String text) {
    if (text.length() > SINCE_LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      Instant since =
          text.endsWith("Z")
              ? Instant.parse(text)
              : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
      return since.isBefore(Instant.EPOCH) ? Optional.empty() : Optional.of(since);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Response page(int status, Asked asked, String notice, String tone) {
    String words = Labels.time(asked.since);
    FailedMailModel model =
        switch (receipts.undeliverable(asked.since)) {
          case ServiceReply.Got<FailedList>(var list) ->
              FailedMailModel.of(asked.text, words, asked.complaint, list, shell.personalData());
          case ServiceReply.Refused<FailedList>(_, _, var sentence) ->
              FailedMailModel.away(asked.text, words, asked.complaint, sentence);
          case ServiceReply.Away<FailedList>(var sentence) ->
              FailedMailModel.away(asked.text, words, asked.complaint, sentence);
        };
    return Response.status(status)
        .entity(Templates.failedMail(model, notice, tone).render())
        .build();
  }

  private static OrderId order(@Nullable String id) {
    try {
      return new OrderId(id == null ? "" : id);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException(e);
    }
  }

  @CheckedTemplate(basePath = "console/mails", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance failedMail(FailedMailModel model, String notice, String tone);
  }
}
