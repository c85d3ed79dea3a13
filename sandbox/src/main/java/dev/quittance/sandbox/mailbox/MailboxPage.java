package dev.quittance.sandbox.mailbox;

import dev.quittance.sandbox.problem.Refusal;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// The mails, for people.
@Path("/mailbox")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public final class MailboxPage {

  /// What fits a page that one scrolls.
  private static final int MAILS_SHOWN_MAX = 200;

  private final Mailbox mailbox;

  @Inject
  MailboxPage(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  /// The list.
  @GET
  public TemplateInstance list(@RestQuery @Nullable String to) {
    String recipient = to == null || to.isBlank() ? null : to.strip();
    return Templates.mailbox(
        mailbox.newest(recipient, MAILS_SHOWN_MAX),
        mailbox.count(recipient),
        recipient == null ? "" : recipient,
        mailbox.answer(),
        List.of(MailServerAnswer.values()));
  }

  /// One mail, as the customer sees it.
  @GET
  @Path("/{id}")
  public TemplateInstance mail(@RestPath long id) {
    return Templates.mail(
        mailbox.find(id).orElseThrow(() -> Refusal.notFound("There is no such mail.")));
  }

  /// Throws all away, from the page.
  @POST
  @Path("/clear")
  public Response clear() {
    mailbox.clear();
    return Response.seeOther(URI.create("/mailbox")).build();
  }

  /// Has the mail server answer otherwise, from the page.
  @POST
  @Path("/server")
  public Response answer(@RestForm @Nullable String answer) {
    mailbox.answer(
        MailServerAnswer.named(answer == null ? "" : answer)
            .orElseThrow(() -> Refusal.badRequest("There is no such answer.")));
    return Response.seeOther(URI.create("/mailbox")).build();
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance mailbox(
        List<Mail> mails,
        long total,
        String to,
        MailServerAnswer answer,
        List<MailServerAnswer> answers);

    static native TemplateInstance mail(Mail mail);
  }
}
