package dev.quittance.receipts.mail;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A mail, ready to be handed to the mail server.
///
/// @param messageId without angle brackets
/// @param date when the receipt became due: the same at every attempt, as the mail is
/// @param language BCP 47
public record OutgoingMail(
    String messageId,
    Instant date,
    Sender sender,
    MailAddress to,
    String subject,
    String text,
    String html,
    String language,
    Optional<PdfAttachment> attachment) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /// Who the mail is from.
  ///
  /// @param name the merchant's name
  /// @param unsubscribe a `mailto:` or `https:` address where such mails can be declined. Receipts
  ///   are no mailing list and need none; some shops' rules want one all the same.
  public record Sender(
      String name, MailAddress from, Optional<MailAddress> replyTo, Optional<String> unsubscribe) {}

  /// The headers, complete but for those that describe the body. All ASCII.
  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("From", HeaderText.named(sender.name(), sender.from()));
    headers.put("To", to.address());
    sender.replyTo().ifPresent(mailbox -> headers.put("Reply-To", mailbox.address()));
    headers.put("Subject", HeaderText.unstructured(subject));
    headers.put("Date", DATE.format(date));
    headers.put("Message-ID", "<" + messageId + ">");
    // RFC 3834: no holiday notice shall answer it
    headers.put("Auto-Submitted", "auto-generated");
    headers.put("Content-Language", language);
    sender.unsubscribe().ifPresent(uri -> headers.put("List-Unsubscribe", "<" + uri + ">"));
    return headers;
  }

  @Override
  public String toString() {
    return "OutgoingMail[" + messageId + "]";
  }
}
