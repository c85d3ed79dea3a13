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

/// Hands letters to a mail server over SMTP, on connections that are kept open.
public final class SmtpPostOffice implements PostOffice {

  /// What the mail client says of the step that failed.
  private static final Map<String, SmtpVerdicts.Step> STEPS =
      Map.of(
          "sender address not accepted",
          SmtpVerdicts.Step.SENDER,
          "recipient address not accepted",
          SmtpVerdicts.Step.RECIPIENT,
          "DATA command not accepted",
          SmtpVerdicts.Step.LETTER,
          "sending data failed",
          SmtpVerdicts.Step.LETTER);

  /// RFC 5322 allows 998.
  private static final int LINE_MAX = 990;

  private final MailClient client;
  private final Context context;
  private final Duration deadline;
  private final SmtpVerdicts verdicts;

  /// @param context of one event loop, for the whole dialogue of every letter: where a connection
  ///   and its user live on different ones, the client may miss the server's greeting
  /// @param deadline for one letter, from the wait for a connection to the last reply; shorter than
  ///   the leases. The client says nothing at all when a server hangs up before its greeting.
  public SmtpPostOffice(MailClient client, Context context, Duration deadline, Clock clock) {
    this.client = client;
    this.context = context;
    this.deadline = deadline;
    this.verdicts = new SmtpVerdicts(clock);
  }

  @Override
  public CompletionStage<Reply> post(Letter letter) {
    var result = new CompletableFuture<MailResult>();
    context.runOnContext(_ -> send(letter, result));
    return result
        .thenApply(_ -> verdicts.accepted(letter.sender().from(), letter.to()))
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> reply(cause(failure), letter));
  }

  private void send(Letter letter, CompletableFuture<MailResult> result) {
    try {
      client
          .sendMail(message(letter))
          .onSuccess(result::complete)
          .onFailure(result::completeExceptionally);
    } catch (RuntimeException | Error e) { // nobody else would ever end it
      result.completeExceptionally(e);
    }
  }

  private MailMessage message(Letter letter) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    letter.headers().forEach(headers::set);
    var message =
        new MailMessage()
            .setFrom(letter.sender().from().address())
            .setTo(letter.to().address())
            .setText(letter.text())
            .setHtml(inFewLines(letter.html()))
            .setHeaders(headers);
    letter.enclosure().ifPresent(enclosure -> message.setAttachment(attachment(enclosure)));
    return message;
  }

  private MailAttachment attachment(Enclosure enclosure) {
    return MailAttachment.create()
        .setName(enclosure.name())
        .setContentType(enclosure.type())
        .setDisposition("attachment")
        .setSize(enclosure.bytes().length)
        .setStream(new WholeFile(context, enclosure.bytes()));
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

  private Reply reply(Throwable failure, Letter letter) {
    return switch (failure) {
      case SMTPException smtp -> reply(smtp, letter);
      case TimeoutException _ -> away(new Reason("timeout", "No answer within the time allowed."));
      case Error error -> throw error;
      default ->
          away(
              new Reason(
                  "connection", ServerWords.of(String.valueOf(failure.getMessage()), letter.to())));
    };
  }

  private static Reply away(Reason reason) {
    return new Reply.Deferred(reason, Reply.Trouble.SERVER_AWAY);
  }

  private Reply reply(SMTPException smtp, Letter letter) {
    String words = String.join(" ", smtp.getReplyMessages());
    return verdicts.refused(
        STEPS.getOrDefault(step(smtp), SmtpVerdicts.Step.SESSION),
        smtp.getReplyCode(),
        ServerWords.withoutAddresses(words),
        ServerWords.of(words, letter.to()),
        letter.sender().from(),
        letter.to());
  }

  /// The client's words for the step that failed; the server's come after the first colon.
  private static String step(SMTPException smtp) {
    String message = String.valueOf(smtp.getMessage());
    int colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
