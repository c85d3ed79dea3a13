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

/// Tries the mail settings out: looks at the server, then sends one letter on the same way that
/// receipts take.
public final class TestMail {

  private final SmtpProbe probe;
  private final PostOffice postOffice;
  private final Stationery stationery;
  private final Clock clock;

  public TestMail(SmtpProbe probe, PostOffice postOffice, Stationery stationery, Clock clock) {
    this.probe = probe;
    this.postOffice = postOffice;
    this.stationery = stationery;
    this.clock = clock;
  }

  /// What came of it.
  ///
  /// @param accepted whether the server took the letter
  /// @param reason the server's words when it didn't
  /// @param server its greeting
  /// @param tls protocol and cipher, or null where the way is not encrypted
  /// @param fault what went wrong while looking at the server
  /// @param probedMs for looking at the server, in milliseconds
  /// @param sentMs for the letter, from the wait for a connection to the last reply, in
  ///   milliseconds
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

  /// Sends a letter and waits for the server's answer.
  public Result send(Mailbox to, String endpoint) {
    Instant start = clock.instant();
    SmtpProbe.Found found = probe.ask();
    Instant probed = clock.instant();
    Letter letter = letter(to, endpoint, probed);
    Reply reply = postOffice.post(letter).toCompletableFuture().join();
    Instant sent = clock.instant();
    return new Result(
        reply instanceof Reply.Accepted,
        switch (reply) {
          case Reply.Accepted() -> null;
          case Reply.Deferred(var reason, _) -> reason;
          case Reply.Refused(var reason) -> reason;
          case Reply.Unaddressable(var reason) -> reason;
        },
        letter.messageId(),
        found.greeting(),
        found.capabilities(),
        found.tls(),
        found.fault(),
        Duration.between(start, probed).toMillis(),
        Duration.between(probed, sent).toMillis());
  }

  private Letter letter(Mailbox to, String endpoint, Instant now) {
    Letter.Sender sender = stationery.sender(Seller.of(endpoint));
    String says = "This is a test of the mail settings. Receipts will come on the same way.";
    return new Letter(
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
