package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.Seller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tries the mail settings out: looks at the server, then sends one mail on the same way that
/// receipts take.
public final class TestMail {

  private final SmtpProbe probe;
  private final MailTransport transport;
  private final MailBranding branding;
  private final Clock clock;

  public TestMail(SmtpProbe probe, MailTransport transport, MailBranding branding, Clock clock) {
    this.probe = probe;
    this.transport = transport;
    this.branding = branding;
    this.clock = clock;
  }

  /// What came of it.
  ///
  /// @param accepted whether the server took the mail
  /// @param reason the server's words when it didn't
  /// @param server its greeting
  /// @param tls protocol and cipher, or null where the way is not encrypted
  /// @param fault what went wrong while looking at the server
  /// @param probedMs for looking at the server, in milliseconds
  /// @param sentMs for the mail, from the wait for a connection to the last reply, in milliseconds
  public record Result(
      boolean accepted,
      @Nullable Reason reason,
      String messageId,
      @Nullable String server,
      List<String> capabilities,
      @Nullable String tls,
      @Nullable String fault,
      long probedMs,
      long sentMs) {}

  /// Sends a mail and waits for the server's answer.
  public Result send(MailAddress to, String endpoint) {
    Instant start = clock.instant();
    SmtpProbe.Found found = probe.ask();
    Instant probed = clock.instant();
    OutgoingMail mail = testMail(to, endpoint, probed);
    SmtpReply reply = transport.send(mail).toCompletableFuture().join();
    Instant sent = clock.instant();
    return new Result(
        reply instanceof SmtpReply.Accepted,
        switch (reply) {
          case SmtpReply.Accepted() -> null;
          case SmtpReply.Deferred(var reason, _) -> reason;
          case SmtpReply.Refused(var reason) -> reason;
          case SmtpReply.Unaddressable(var reason) -> reason;
        },
        mail.messageId(),
        found.greeting(),
        found.capabilities(),
        found.tls(),
        found.fault(),
        Duration.between(start, probed).toMillis(),
        Duration.between(probed, sent).toMillis());
  }

  private OutgoingMail testMail(MailAddress to, String endpoint, Instant now) {
    OutgoingMail.Sender sender = branding.sender(Seller.of(endpoint));
    String says = "This is a test of the mail settings. Receipts will come on the same way.";
    return new OutgoingMail(
        "test." + UUID.randomUUID() + "@" + sender.from().domain(),
        now,
        sender,
        to,
        "Test mail from " + sender.name(),
        says,
        "<p>" + says + "</p>",
        "en",
        Optional.empty());
  }
}
