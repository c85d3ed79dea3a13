package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import io.vertx.ext.mail.SMTPException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Hands letters to a mail server over SMTP, on connections that are kept open.
public final class SmtpPostOffice implements PostOffice {

  /// Replies about ourselves, not about the letter or its reader: authentication (530, 534, 535,
  /// 538), a command out of order (503), a service that is closing (421) or none at all (521, 554
  /// as greeting, which comes as another phase).
  private static final Set<Integer> OURS = Set.of(421, 503, 521, 530, 534, 535, 538);

  /// What the mail client says when a reply was about this letter: after the sender was accepted.
  private static final Set<String> ABOUT_THE_LETTER =
      Set.of("recipient address not accepted", "DATA command not accepted", "sending data failed");

  private static final String ABOUT_THE_SENDER = "sender address not accepted";

  /// The one refusal of a sender that is due to the letter: it is too large.
  private static final int TOO_LARGE = 552;

  /// RFC 5322 allows 998.
  private static final int LINE_MAX = 990;

  /// The last class of replies, permanent failures, ends before it.
  private static final int CODES_END = 600;

  private final MailClient client;
  private final Context context;
  private final Duration deadline;

  /// @param context of one event loop, for the whole dialogue of every letter: where a connection
  ///   and its user live on different ones, the client may miss the server's greeting
  /// @param deadline for one letter, from the wait for a connection to the last reply; shorter than
  ///   the leases. The client says nothing at all when a server hangs up before its greeting.
  public SmtpPostOffice(MailClient client, Context context, Duration deadline) {
    this.client = client;
    this.context = context;
    this.deadline = deadline;
  }

  @Override
  public CompletionStage<Reply> post(Letter letter) {
    var result = new CompletableFuture<MailResult>();
    context.runOnContext(_ -> send(letter, result));
    return result
        .<Reply>thenApply(_ -> new Reply.Accepted())
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> reply(cause(failure), letter.to()));
  }

  private void send(Letter letter, CompletableFuture<MailResult> result) {
    try {
      client
          .sendMail(message(letter))
          .onSuccess(result::complete)
          .onFailure(result::completeExceptionally);
    } catch (RuntimeException e) {
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

  private static Reply reply(Throwable failure, Mailbox to) {
    return switch (failure) {
      case SMTPException smtp -> reply(smtp, to);
      case TimeoutException _ ->
          new Reply.Deferred(new Reason("timeout", "No answer within the time allowed."), true);
      default ->
          new Reply.Deferred(
              new Reason("connection", ServerWords.of(String.valueOf(failure.getMessage()), to)),
              true);
    };
  }

  private static Reply reply(SMTPException smtp, Mailbox to) {
    int code = smtp.getReplyCode();
    String words = ServerWords.of(String.join(" ", smtp.getReplyMessages()), to);
    var reason = new Reason("smtp_" + code, words);
    String phase = phase(smtp);
    boolean aboutTheLetter =
        ABOUT_THE_LETTER.contains(phase) || (phase.equals(ABOUT_THE_SENDER) && code == TOO_LARGE);
    // what isn't SMTP at all comes as a 500 without a code in its words, or with a code of no class
    boolean spoken = words.startsWith(Integer.toString(code)) && code < CODES_END;
    if (!aboutTheLetter || OURS.contains(code) || !spoken) {
      return new Reply.Deferred(reason, true);
    }
    return smtp.isPermanent() ? new Reply.Refused(reason) : new Reply.Deferred(reason, false);
  }

  /// The client's words for the step that failed; the server's come after the first colon.
  private static String phase(SMTPException smtp) {
    String message = String.valueOf(smtp.getMessage());
    int colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }
}
