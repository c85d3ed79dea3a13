package dev.quittance.receipts.mail;

import static dev.quittance.receipts.mail.ScriptedSmtp.accepting;
import static dev.quittance.receipts.mail.ScriptedSmtp.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.mail.ScriptedSmtp.Act;
import dev.quittance.receipts.mail.ScriptedSmtp.Phase;
import dev.quittance.testkit.HandClock;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class SmtpTransportTest {

  private static final int POOL = 2;
  private static final String HTML = "<p>Gr&#246;&#223;e</p>";

  @SuppressWarnings("NullAway.Init") // opened before the first test
  private static Vertx vertx;

  private final ScriptedSmtp smtp = ScriptedSmtp.start(accepting());
  private final MailClient client = client(vertx, smtp.port());
  private final HandClock clock = new HandClock(Shop.NOON);
  private final MailTransport transport =
      new SmtpTransport(client, vertx.getOrCreateContext(), Duration.ofMinutes(1), clock);
  private final MailClient hastyClient = hasty(vertx, smtp.port());

  /// Where nothing is said, somebody has to lose patience.
  private final MailTransport hasty =
      new SmtpTransport(hastyClient, vertx.getOrCreateContext(), Duration.ofSeconds(5), clock);

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void shut() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @AfterEach
  void stop() {
    client.close();
    hastyClient.close();
    smtp.close();
  }

  /// As patient as a machine needs it that is busy with much else.
  static MailClient client(Vertx vertx, int port) {
    return client(vertx, port, Duration.ofSeconds(30));
  }

  /// Gives up what is silent for a second.
  static MailClient hasty(Vertx vertx, int port) {
    return client(vertx, port, Duration.ofSeconds(1));
  }

  private static MailClient client(Vertx vertx, int port, Duration silence) {
    var config =
        new MailConfig()
            .setHostname("127.0.0.1")
            .setPort(port)
            .setKeepAlive(true)
            .setStarttls(StartTLSOptions.DISABLED)
            .setMaxPoolSize(POOL)
            .setUserAgent("quittance");
    return MailClient.create(vertx, SmtpServer.limit(config, Duration.ofSeconds(30), silence));
  }

  static OutgoingMail mail(String to) {
    return mail(to, HTML, Optional.empty());
  }

  private static OutgoingMail mail(String to, String html, Optional<PdfAttachment> attachment) {
    return new OutgoingMail(
        "rcp_1.1@example.com",
        Instant.parse("2026-11-22T12:00:00Z"),
        new OutgoingMail.Sender(
            "Zoë’s \"Shop\"",
            MailAddress.parse("receipts@example.com").orElseThrow(),
            MailAddress.parse("support@example.com"),
            Optional.of("mailto:off@example.com")),
        MailAddress.parse(to).orElseThrow(),
        "Ihr Beleg von Zoë’s Shop über 30,00 € 🧾",
        "Größe: 5\n.\n.. two dots\nEnd",
        html,
        "de",
        attachment);
  }

  private SmtpReply post() {
    return post(transport);
  }

  private static SmtpReply post(MailTransport transport) {
    return transport.send(mail("jane@example.com")).toCompletableFuture().join();
  }

  @Test
  void letterArrivesWithItsHeaders() {
    assertThat(post()).isEqualTo(new SmtpReply.Accepted());

    ScriptedSmtp.Kept mail = smtp.kept().getFirst();
    assertThat(mail.header("Message-ID")).isEqualTo("<rcp_1.1@example.com>");
    assertThat(mail.header("Date")).isEqualTo("Sun, 22 Nov 2026 12:00:00 +0000");
    assertThat(mail.header("To")).isEqualTo("jane@example.com");
    assertThat(mail.header("Reply-To")).isEqualTo("support@example.com");
    assertThat(mail.header("List-Unsubscribe")).isEqualTo("<mailto:off@example.com>");
    assertThat(mail.header("Auto-Submitted")).isEqualTo("auto-generated");
    assertThat(mail.header("From")).endsWith(" <receipts@example.com>").startsWith("=?UTF-8?B?");
    assertThat(Decoded.header(mail.header("Subject")))
        .isEqualTo("Ihr Beleg von Zoë’s Shop über 30,00 € 🧾");
    assertThat(mail.raw()).contains("Content-Type: multipart/alternative");
    assertThat(mail.raw()).doesNotContain("\nX-");
  }

  @Test
  void noLineOfTheWireIsWithoutItsCarriageReturnAndAllAreAscii() {
    post();

    String raw = smtp.kept().getFirst().raw();
    assertThat(raw.chars()).allMatch(c -> c < 128);
    assertThat(raw.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
    assertThat(raw.lines()).allMatch(line -> line.length() <= 998);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 56, 57, 58, 114, 40_000})
  void enclosureArrivesByteForByte(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);

    transport
        .send(mail("jane@example.com", HTML, Optional.of(PdfAttachment.pdf("A-2026-1", bytes))))
        .toCompletableFuture()
        .join();

    String raw = smtp.kept().getFirst().raw();
    String part = raw.substring(raw.indexOf("filename=\"receipt-A-2026-1.pdf\""));
    String body = part.substring(part.indexOf("\r\n\r\n") + 4, part.indexOf("\r\n--"));
    assertThat(Base64.getMimeDecoder().decode(body)).isEqualTo(bytes);
    assertThat(body.lines()).allMatch(line -> line.length() <= 76);
  }

  /// Each line costs a call of the operating system.
  @Test
  void htmlGoesInFewLinesAndKeepsThoseThatMayMatter() {
    String html =
        "<html>\n<style>\n.a { color: red; }\n.b { color: blue; }\n</style>\n<body>\n<p>one\ntwo</p>\n"
            + "<pre>AAA-1\nBBB-2}\nCCC-3</pre>\n"
            + "<p>a word</p>\n".repeat(200)
            + "</body>\n</html>";

    transport.send(mail("jane@example.com", html, Optional.empty())).toCompletableFuture().join();

    String raw = smtp.kept().getFirst().raw();
    String part = raw.substring(raw.indexOf("Content-Type: text/html"));
    String body = part.substring(part.indexOf("\r\n\r\n") + 4, part.indexOf("\r\n--"));
    assertThat(body.replace("\r\n", " ")).isEqualTo(html.replace("\n", " "));
    assertThat(body).contains("<p>one\r\ntwo</p>").contains("<pre>AAA-1\r\nBBB-2}\r\nCCC-3</pre>");
    assertThat(body.lines()).hasSizeLessThan(10).allMatch(line -> line.length() <= 998);
  }

  @Test
  void dotsInTheTextDoNotEndTheMail() {
    post();

    assertThat(smtp.kept().getFirst().raw()).contains("\r\n.\r\n").contains("\r\n.. two dots\r\n");
  }

  @Test
  void connectionsAreKeptOpen() {
    for (int i = 0; i < 20; i++) {
      assertThat(post()).isInstanceOf(SmtpReply.Accepted.class);
    }

    assertThat(smtp.connections()).isLessThanOrEqualTo(POOL);
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 5.1.1 no such user",
    "RCPT, 551 5.1.6 moved away",
    "RCPT, 552 5.2.2 mailbox full",
    "DATA, 550 5.1.1 no such user",
    "DOT, 550 5.2.1 mailbox disabled"
  })
  void whatTheAnswerSaysOfTheRecipientIsFinal(Phase phase, String reply) {
    smtp.script(at(phase, new Act.Say(reply)));

    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Refused.class,
            refused -> {
              assertThat(refused.reason().code()).isEqualTo("smtp_" + reply.substring(0, 3));
              assertThat(refused.reason().message()).isEqualTo(reply);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 554 5.7.1 Relay access denied",
    "RCPT, 550 blocked using a list",
    "RCPT, 550 no such user",
    "MAIL, 552 too large",
    "DATA, 554 no",
    "DOT, 552 5.3.4 too large",
    "DOT, 550 spam"
  })
  void whatIsNotAboutTheRecipientWaits(Phase phase, String reply) {
    smtp.script(at(phase, new Act.Say(reply)));

    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> {
              assertThat(deferred.trouble()).isEqualTo(SmtpReply.Trouble.MAIL);
              assertThat(deferred.reason().message()).isEqualTo(reply);
            });
  }

  @Test
  void bareRefusalIsTheRecipientsOnceTheServerTookAnothers() {
    transport.send(mail("joe@elsewhere.example")).toCompletableFuture().join();
    smtp.script(at(Phase.RCPT, new Act.Say("550 no such user")));

    assertThat(post()).isInstanceOf(SmtpReply.Refused.class);
  }

  /// Names are blotted out of what is shown, and not of what is judged.
  @ParameterizedTest
  @CsvSource({
    "7@example.com, 550 5.7.1 <7@example.com>: Relay access denied",
    "1@example.com, 550 5.4.1 Recipient address rejected: Access denied",
    "550@example.com, 554 5.7.1 not you",
    "554@example.com, 554 5.7.1 not you"
  })
  void customerWhoseNameIsANumberDoesNotChangeWhatTheAnswerSays(String to, String reply) {
    transport.send(mail("joe@elsewhere.example")).toCompletableFuture().join();
    smtp.script(at(Phase.RCPT, new Act.Say(reply)));

    assertThat(transport.send(mail(to)).toCompletableFuture().join())
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> {
              assertThat(deferred.trouble()).isEqualTo(SmtpReply.Trouble.MAIL);
              assertThat(deferred.reason().message()).doesNotContain(to);
            });
  }

  @Test
  void errorWhileTheMailIsHandedOverIsAnOutcomeToo() {
    MailClient broken =
        (MailClient)
            java.lang.reflect.Proxy.newProxyInstance(
                MailClient.class.getClassLoader(),
                new Class<?>[] {MailClient.class},
                (_, _, _) -> {
                  throw new StackOverflowError();
                });
    var blowsUp =
        new SmtpTransport(broken, vertx.getOrCreateContext(), Duration.ofMinutes(1), clock);

    assertThat(
            blowsUp
                .send(mail("jane@example.com"))
                .handle((_, failure) -> failure)
                .toCompletableFuture()
                .join())
        .hasRootCauseInstanceOf(StackOverflowError.class);
  }

  @ParameterizedTest
  @CsvSource({"RCPT, 450 greylisted", "RCPT, 451 later", "DATA, 451 later", "DOT, 452 no space"})
  void temporaryRefusalOfTheMailIsTriedAgain(Phase phase, String reply) {
    smtp.script(at(phase, new Act.Say(reply)));

    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class, deferred -> assertThat(deferred.serverAway()).isFalse());
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING, 554 no service here",
    "GREETING, 421 closing",
    "MAIL, 550 you may not send as that",
    "MAIL, 530 5.7.0 authenticate first",
    "RCPT, 421 closing",
    "DOT, 421 closing",
    "RCPT, garbage",
    "RCPT, 769 no such class",
    "DOT, 999 no such class"
  })
  void whatIsNotAboutTheMailCondemnsNoMail(Phase phase, String reply) {
    smtp.script(at(phase, new Act.Say(reply)));

    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class, deferred -> assertThat(deferred.serverAway()).isTrue());
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void brokenConnectionIsTriedAgain(Phase phase) {
    smtp.script(at(phase, new Act.Drop()));
    assertThat(post(hasty)).isInstanceOf(SmtpReply.Deferred.class);
    assertThat(smtp.kept()).isEmpty();
    smtp.script(accepting());
    Eventually.holds("accepted", () -> post(hasty) instanceof SmtpReply.Accepted);
    assertThat(smtp.kept()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void serverThatFallsSilentCostsNoConnectionForEver(Phase phase) {
    smtp.script(at(phase, new Act.Hang()));
    var replies =
        IntStream.range(0, 2 * POOL)
            .mapToObj(_ -> hasty.send(mail("jane@example.com")).toCompletableFuture())
            .toList();
    assertThat(replies).allMatch(reply -> reply.join() instanceof SmtpReply.Deferred);
    smtp.script(accepting());
    Eventually.holds("accepted", () -> post(hasty) instanceof SmtpReply.Accepted);
  }

  @Test
  void serverThatIsAwayIsFoundAgain() {
    int port = smtp.port();
    smtp.close();
    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> {
              assertThat(deferred.serverAway()).isTrue();
              assertThat(deferred.reason().code()).isEqualTo("connection");
            });

    try (ScriptedSmtp back = ScriptedSmtp.start(port, accepting())) {
      Eventually.holds("accepted", () -> post() instanceof SmtpReply.Accepted);
      assertThat(back.kept()).hasSize(1);
    }
  }

  @Test
  void multilineRefusalOverAPipelineIsUnderstoodAndNamesNobody() {
    smtp.script(
        at(
            Phase.RCPT,
            new Act.Say(
                "550-5.1.1 <jane@example.com> does not exist here.\r\n550 5.1.1 See jane's page")));

    assertThat(post())
        .isInstanceOfSatisfying(
            SmtpReply.Refused.class,
            refused ->
                assertThat(refused.reason().message())
                    .contains("does not exist here")
                    .doesNotContainIgnoringCase("jane"));
  }

  @Test
  void otherLettersDoNotWaitForASlowOne() {
    var held = new CompletableFuture<Void>();
    smtp.script((phase, to) -> {
      if (phase == Phase.DOT && "slow@example.com".equals(to)) {
        held.join();
      }
      return new Act.Accept();
    });
    var slow = transport.send(mail("slow@example.com")).toCompletableFuture();

    assertThat(transport.send(mail("quick@example.com")).toCompletableFuture().join())
        .isInstanceOf(SmtpReply.Accepted.class);
    assertThat(slow).isNotDone();
    held.complete(null);
    assertThat(slow.join()).isInstanceOf(SmtpReply.Accepted.class);
  }

  @Test
  void nothingPrintsAnAddress() {
    OutgoingMail mail = mail("jane@example.com");

    assertThat(mail.toString() + mail.to() + Optional.of(mail.sender())).doesNotContain("jane");
  }
}
