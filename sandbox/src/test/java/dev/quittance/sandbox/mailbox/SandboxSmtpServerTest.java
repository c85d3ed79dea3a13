package dev.quittance.sandbox.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Over real SMTP dialogues.
class SandboxSmtpServerTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path directory;

  private Mails mails;
  private SandboxSmtpServer smtp;
  private volatile MailServerAnswer answer = MailServerAnswer.TAKES;

  @BeforeEach
  void open() {
    mails = new Mails(directory, 3, Clock.fixed(NOON, ZoneOffset.UTC));
    smtp = SandboxSmtpServer.open("127.0.0.1", 0, mails, () -> answer);
  }

  @AfterEach
  void close() {
    smtp.close();
  }

  @Test
  void keepsAMailOnceItSays250() throws Exception {
    try (var dialogue = new Dialogue(smtp.port())) {
      dialogue.expect("220");
      dialogue.say("EHLO shop.example.com", "250");
      dialogue.say("MAIL FROM:<shop@example.com>", "250");
      dialogue.say("RCPT TO:<nobody.knows@example.com>", "250");
      dialogue.say("DATA", "354");
      dialogue.say("Message-ID: <1@shop>\r\nSubject: Receipt\r\n\r\nThank you\r\n..\r\n.", "250");

      Mail mail = only("nobody.knows@example.com");
      assertThat(mail.messageId()).isEqualTo("<1@shop>");
      assertThat(mail.subject()).isEqualTo("Receipt");
      assertThat(mail.text()).isEqualToNormalizingNewlines("Thank you\n.");
      assertThat(mail.html()).isNull();
      assertThat(mail.receivedAt()).isEqualTo(NOON);
      dialogue.say("QUIT", "221");
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TAKES", "GREYLISTED"})
  void refusesAsARelayDoesAndKeepsNothing(MailServerAnswer refusal) throws Exception {
    answer = refusal;
    try (var dialogue = new Dialogue(smtp.port())) {
      dialogue.expect("220");
      dialogue.say("EHLO shop.example.com", "250");
      dialogue.say("MAIL FROM:<shop@example.com>", "250");
      String reply = refusal.at(MailServerAnswer.Step.RECIPIENT);
      if (reply != null) {
        dialogue.say("RCPT TO:<a@example.com>", reply);
      } else {
        dialogue.say("RCPT TO:<a@example.com>", "250");
        dialogue.say("DATA", "354");
        String last =
            Objects.requireNonNull(refusal.at(MailServerAnswer.Step.LETTER))
                .replaceFirst("(?s).*\n", "");
        dialogue.say("Subject: Receipt\r\n\r\nThank you\r\n.", last);
      }

      answer = MailServerAnswer.TAKES;
      dialogue.say("RSET", "250");
      dialogue.say("MAIL FROM:<shop@example.com>", "250");
      dialogue.say("RCPT TO:<b@example.com>", "250");
      dialogue.say("DATA", "354");
      dialogue.say("Subject: Receipt\r\n\r\nThank you\r\n.", "250");
      assertThat(mails.newest(null, 10))
          .extracting(Mails.Kept::to)
          .containsExactly("b@example.com");
    }
  }

  @Test
  void greylistedOnesMayComeBack() throws Exception {
    answer = MailServerAnswer.GREYLISTED;
    try (var dialogue = new Dialogue(smtp.port())) {
      dialogue.expect("220");
      dialogue.say("EHLO shop.example.com", "250");
      dialogue.say("MAIL FROM:<shop@example.com>", "250");
      dialogue.say("RCPT TO:<a@example.com>", "451");
      dialogue.say("RCPT TO:<a@example.com>", "250");
      dialogue.say("RCPT TO:<b@example.com>", "451");
    }
  }

  @Test
  void keepsEveryPartOfAReceipt() throws Exception {
    byte[] pdf = "%PDF-1.7 not really".getBytes(UTF_8);

    send("customer@example.com", message -> message.setContent(receipt(pdf)));

    Mail mail = only("CUSTOMER@example.com");
    assertThat(mail.subject()).isEqualTo("Grüße ☃");
    assertThat(mail.text()).isEqualTo("Vielen Dank für 30,00 €");
    assertThat(mail.html()).isEqualTo("<p>Vielen Dank für <b>30,00 €</b></p>");
    assertThat(mail.attachments())
        .singleElement()
        .satisfies(attachment -> {
          assertThat(attachment.name()).isEqualTo("Quittung für 1.pdf");
          assertThat(attachment.type()).isEqualTo("application/pdf");
          assertThat(attachment.content()).isEqualTo(pdf);
        });
  }

  @Test
  void keepsMailsAcrossARestart() throws Exception {
    send("a@example.com", message -> message.setText("one"));

    var reopened = new Mails(directory, 3, Clock.systemUTC());

    assertThat(reopened.newest("a@example.com", 10))
        .singleElement()
        .satisfies(kept -> assertThat(kept.receivedAt()).isEqualTo(NOON));
    reopened.keep("b@example.com", "Subject: two\r\n\r\n".getBytes(UTF_8));
    assertThat(reopened.newest(null, 10))
        .extracting(Mails.Kept::to)
        .containsExactly("b@example.com", "a@example.com");
  }

  @Test
  void throwsTheOldestAwayWhenFull() throws Exception {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      send(name + "@example.com", message -> message.setText(name));
    }

    assertThat(mails.newest(null, 10))
        .extracting(Mails.Kept::to)
        .containsExactly("d@example.com", "c@example.com", "b@example.com");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void oneMailToTwoIsTwoMails() throws Exception {
    send("a@example.com, b@example.com", message -> message.setText("both"));

    assertThat(only("a@example.com").messageId()).isEqualTo(only("b@example.com").messageId());
  }

  @Test
  void refusesAMailThatItCantKeep() throws Exception {
    mails.clear();
    Files.delete(directory);
    Files.write(directory, new byte[0]);

    try (var dialogue = new Dialogue(smtp.port())) {
      dialogue.expect("220");
      dialogue.say("HELO shop.example.com", "250");
      dialogue.say("MAIL FROM:<shop@example.com>", "250");
      dialogue.say("RCPT TO:<a@example.com>", "250");
      dialogue.say("DATA", "354");
      dialogue.say("Subject: lost\r\n\r\n.", "451");
    } finally {
      Files.delete(directory);
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Test
  void aMailThatIsNoneIsKeptAsItCame() throws Exception {
    mails.keep("a@example.com", "\0\1\2 no mail at all".getBytes(UTF_8));

    assertThat(only("a@example.com").attachments()).isEmpty();
  }

  private Mail only(String to) {
    assertThat(mails.newest(to, 10)).hasSize(1);
    Mails.Kept kept = mails.newest(to, 1).getFirst();
    return Mail.open(kept, mails.bytes(kept).orElseThrow());
  }

  private void send(String to, Content content) throws Exception {
    var properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", String.valueOf(smtp.port()));
    var message = new MimeMessage(Session.getInstance(properties));
    message.setFrom(new InternetAddress("shop@example.com"));
    message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(to));
    message.setSubject("Grüße ☃", "UTF-8");
    content.fill(message);
    Transport.send(message);
  }

  private static MimeMultipart receipt(byte[] pdf) throws Exception {
    var text = new MimeBodyPart();
    text.setText("Vielen Dank für 30,00 €", "UTF-8");
    var html = new MimeBodyPart();
    html.setContent("<p>Vielen Dank für <b>30,00 €</b></p>", "text/html; charset=UTF-8");
    var both = new MimeMultipart("alternative", text, html);
    var body = new MimeBodyPart();
    body.setContent(both);
    var attachment = new MimeBodyPart();
    attachment.setDataHandler(new DataHandler(new ByteArrayDataSource(pdf, "application/pdf")));
    attachment.setFileName("Quittung für 1.pdf");
    return new MimeMultipart("mixed", body, attachment);
  }

  private interface Content {
    void fill(MimeMessage message) throws Exception;
  }

  private static final class Dialogue implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answers;

    private Dialogue(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private void say(String line, String expected) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
      expect(expected);
    }

    private void expect(String expected) throws IOException {
      String answer = answers.readLine();
      while (answer != null && answer.length() > 3 && answer.charAt(3) == '-') {
        answer = answers.readLine();
      }
      assertThat(answer).startsWith(expected);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
