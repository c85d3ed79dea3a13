package dev.quittance.sandbox.mailbox;

import dev.quittance.sandbox.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the mail server answers, for programs.
@Path("/mailbox/server")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class MailServerResource {

  private final Mailbox mailbox;

  @Inject
  MailServerResource(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  /// How it answers now, and how it could.
  @GET
  public Server server() {
    return new Server(mailbox.answer().label(), MailServerAnswer.labels());
  }

  /// Has it answer otherwise.
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Server answer(@Nullable Requested requested) {
    String label = requested == null ? null : requested.answer();
    mailbox.answer(
        MailServerAnswer.named(Objects.requireNonNullElse(label, ""))
            .orElseThrow(() ->
                Refusal.badRequest(
                    "The answer is one of " + String.join(", ", MailServerAnswer.labels()) + ".")));
    return server();
  }

  /// What it is to answer.
  public record Requested(@Nullable String answer) {}

  /// @param answer how it answers
  /// @param answers how it could
  public record Server(String answer, List<String> answers) {}
}
