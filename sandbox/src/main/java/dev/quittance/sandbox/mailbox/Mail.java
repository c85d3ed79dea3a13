package dev.quittance.sandbox.mailbox;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A mail, opened.
///
/// @param id its number in this mailbox
/// @param to the recipient that the SMTP dialogue named
/// @param text the plain text; null when it has none
/// @param html the HTML; null when it has none
record Mail(
    long id,
    @Nullable String messageId,
    @Nullable String subject,
    @Nullable String from,
    String to,
    @Nullable String text,
    @Nullable String html,
    Instant receivedAt,
    List<HeaderLine> headers,
    List<Attachment> attachments) {

  /// Deeper than any mail program nests; a deeper one would be an attack.
  private static final int DEPTH_MAX = 20;

  /// Opens a mail. What in it can't be understood is left out.
  static Mail open(Mails.Kept kept, byte[] bytes) {
    var parts = new Parts();
    try {
      var message =
          new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
      parts.read(message, 0);
      String from = message.getHeader("From", ", ");
      return new Mail(
          kept.number(),
          message.getMessageID(),
          message.getSubject(),
          from == null ? null : MimeUtility.decodeText(from),
          kept.to(),
          parts.text,
          parts.html,
          kept.receivedAt(),
          headers(message),
          parts.attachments);
    } catch (MessagingException | IOException unreadable) {
      return new Mail(
          kept.number(),
          null,
          null,
          null,
          kept.to(),
          null,
          null,
          kept.receivedAt(),
          List.of(),
          List.of());
    }
  }

  /// An attachment with its content.
  ///
  /// @param index counts the attachments from 0
  Optional<Attachment> attachment(int index) {
    return index < 0 || index >= attachments.size()
        ? Optional.empty()
        : Optional.of(attachments.get(index));
  }

  private static List<HeaderLine> headers(MimeMessage message) throws MessagingException {
    var lines = new ArrayList<HeaderLine>();
    for (Header header : Collections.list(message.getAllHeaders())) {
      lines.add(new HeaderLine(header.getName(), header.getValue()));
    }
    return lines;
  }

  /// A header as it stands in the mail.
  record HeaderLine(String name, String value) {}

  /// Something that came with the mail.
  ///
  /// @param size in bytes
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Attachment(String name, String type, int size, @JsonIgnore byte[] content) {}

  private static final class Parts {
    private @Nullable String text;
    private @Nullable String html;
    private final List<Attachment> attachments = new ArrayList<>();

    private void read(Part part, int depth) throws MessagingException, IOException {
      if (depth > DEPTH_MAX) {
        return;
      }
      boolean attached = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
      if (!attached
          && part.isMimeType("multipart/*")
          && part.getContent() instanceof Multipart all) {
        for (int i = 0; i < all.getCount(); i++) {
          BodyPart child = all.getBodyPart(i);
          read(child, depth + 1);
        }
      } else if (!attached && text == null && part.isMimeType("text/plain")) {
        text = String.valueOf(part.getContent());
      } else if (!attached && html == null && part.isMimeType("text/html")) {
        html = String.valueOf(part.getContent());
      } else {
        byte[] content = part.getInputStream().readAllBytes();
        String type = part.getContentType().replaceAll(";(?s).*", "").strip();
        String name = Objects.requireNonNullElse(part.getFileName(), "unnamed");
        attachments.add(
            new Attachment(MimeUtility.decodeText(name), type, content.length, content));
      }
    }
  }
}
