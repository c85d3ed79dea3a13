package dev.quittance.sandbox.mailbox;

import dev.quittance.sandbox.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// The mails, for programs.
@Path("/mailbox/messages")
@RunOnVirtualThread
public final class MailboxResource {

  /// So many mails with their attachments' sizes are read from disk in well under a second.
  private static final int LIMIT_MAX = 1_000;

  /// What a mail's HTML may do: look right. No script, no network, no form.
  private static final String MAIL_POLICY =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private final Mailbox mailbox;

  @Inject
  MailboxResource(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  /// The newest mails, of all or of one recipient.
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Messages messages(
      @RestQuery @Nullable String to, @RestQuery @DefaultValue("100") int limit) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw Refusal.badRequest("The limit is from 1 to " + LIMIT_MAX + ".");
    }
    return new Messages(mailbox.newest(to, limit), mailbox.count(to));
  }

  /// Throws all mails away.
  @DELETE
  public void clear() {
    mailbox.clear();
  }

  /// A mail as it came.
  @GET
  @Path("/{id}/raw")
  public Response raw(@RestPath long id) {
    return mailbox
        .raw(id)
        .map(bytes -> Response.ok(bytes, "text/plain; charset=utf-8").build())
        .orElseThrow(MailboxResource::gone);
  }

  /// A mail's HTML, harmless.
  @GET
  @Path("/{id}/html")
  public Response html(@RestPath long id) {
    Mail mail = mailbox.find(id).orElseThrow(MailboxResource::gone);
    if (mail.html() == null) {
      throw Refusal.notFound("This mail has no HTML.");
    }
    return Response.ok(mail.html(), "text/html; charset=utf-8")
        .header("Content-Security-Policy", MAIL_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  /// What came with a mail.
  ///
  /// @param index counts the attachments from 0
  @GET
  @Path("/{id}/attachments/{index}")
  public Response attachment(@RestPath long id, @RestPath int index) {
    Mail.Attachment attachment =
        mailbox.find(id).flatMap(mail -> mail.attachment(index)).orElseThrow(MailboxResource::gone);
    boolean shown = attachment.type().equalsIgnoreCase("application/pdf");
    String name = URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return Response.ok(attachment.content(), shown ? "application/pdf" : "application/octet-stream")
        .header(
            "Content-Disposition", (shown ? "inline" : "attachment") + "; filename*=UTF-8''" + name)
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  private static Refusal gone() {
    return Refusal.notFound("There is no such mail.");
  }

  /// The newest mails first.
  ///
  /// @param total how many there are in all
  public record Messages(List<Mail> messages, long total) {}
}
