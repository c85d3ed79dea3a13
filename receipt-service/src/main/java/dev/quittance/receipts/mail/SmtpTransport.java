package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import io.vertx.ext.mail.SMTPException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Hands mails to a mail server over SMTP, on connections that are kept open.
public final class SmtpTransport implements MailTransport {

  /// What the mail client says of the step that failed.
  private static final Map<String, SmtpVerdicts.Step> STEPS =
      Map.of(
          "sender address not accepted",
          SmtpVerdicts.Step.SENDER,
          "recipient address not accepted",
          SmtpVerdicts.Step.RECIPIENT,
          "DATA command not accepted",
          SmtpVerdicts.Step.DATA,
          "sending data failed",
          SmtpVerdicts.Step.DATA);

  /// RFC 5322 allows 998.
  private static final int LINE_MAX = 990;

  private final MailClient client;
  private final Context context;
  private final Duration deadline;
  private final SmtpVerdicts verdicts;

  /// @param context of one event loop, for the whole dialogue of every mail: where a connection and
  ///   its user live on different ones, the client may miss the server's greeting
  /// @param deadline for one mail, from the wait for a connection to the last reply; shorter than
  ///   the leases. The client says nothing at all when a server hangs up before its greeting.
  public SmtpTransport(MailClient client, Context context, Duration deadline, Clock clock) {
    this.client = client;
    this.context = context;
    this.deadline = deadline;
    this.verdicts = new SmtpVerdicts(clock);
  }

  @Override
  public CompletionStage<SmtpReply> send(OutgoingMail mail) {
    var result = new CompletableFuture<MailResult>();
    context.runOnContext(_ -> send(mail, result));
    return result
        .thenApply(_ -> verdicts.accepted(mail.sender().from(), mail.to()))
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> reply(cause(failure), mail));
  }

  private void send(OutgoingMail mail, CompletableFuture<MailResult> result) {
    try {
      client
          .sendMail(message(mail))
          .onSuccess(result::complete)
          .onFailure(result::completeExceptionally);
    } catch (RuntimeException | Error e) { // nobody else would ever end it
      result.completeExceptionally(e);
    }
  }

  private MailMessage message(OutgoingMail mail) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    mail.headers().forEach(headers::set);
    var message =
        new MailMessage()
            .setFrom(mail.sender().from().address())
            .setTo(mail.to().address())
            .setText(mail.text())
            .setHtml(inFewLines(mail.html()))
            .setHeaders(headers);
    mail.attachment().ifPresent(pdf -> message.setAttachment(attachment(pdf)));
    return message;
  }

  private MailAttachment attachment(PdfAttachment pdf) {
    return MailAttachment.create()
        .setName(pdf.name())
        .setContentType(pdf.type())
        .setDisposition("attachment")
        .setSize(pdf.bytes().length)
        .setStream(new WholeFile(context, pdf.bytes()));
  }

  /// The client writes every line to the socket by itself, which costs more than all the rest. Next
  /// to a tag, and among styles, a space is as good as a new line.
  private static String inFewLines(String html) {
    var joined = new StringBuilder(html.length());
    int length = 0;
    boolean styles = false;
    for (String line : html.split("\n", -1)) {
      boolean byATag =
          styles
              || line.startsWith("<")
              || (!joined.isEmpty() && joined.charAt(joined.length() - 1) == '>');
      if (byATag && length + 1 + line.length() <= LINE_MAX) {
        joined.append(joined.isEmpty() ? "" : " ");
        length += 1 + line.length();
      } else {
        joined.append(joined.isEmpty() ? "" : "\n");
        length = line.length();
      }
      joined.append(line);
      styles = line.equals("<style>") || (styles && !line.equals("</style>"));
    }
    return joined.toString();
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private SmtpReply reply(Throwable failure, OutgoingMail mail) {
    return switch (failure) {
      case SMTPException smtp -> reply(smtp, mail);
      case TimeoutException _ -> away(new Reason("timeout", "No answer within the time allowed."));
      case Error error -> throw error;
      default ->
          away(
              new Reason(
                  "connection",
                  ServerReplyText.of(String.valueOf(failure.getMessage()), mail.to())));
    };
  }

  private static SmtpReply away(Reason reason) {
    return new SmtpReply.Deferred(reason, SmtpReply.Trouble.SERVER_AWAY);
  }

  private SmtpReply reply(SMTPException smtp, OutgoingMail mail) {
    String words = String.join(" ", smtp.getReplyMessages());
    return verdicts.refused(
        STEPS.getOrDefault(step(smtp), SmtpVerdicts.Step.SESSION),
        smtp.getReplyCode(),
        ServerReplyText.withoutAddresses(words),
        ServerReplyText.of(words, mail.to()),
        mail.sender().from(),
        mail.to());
  }

  /// The client's words for the step that failed; the server's come after the first colon.
  private static String step(SMTPException smtp) {
    String message = String.valueOf(smtp.getMessage());
    int colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
