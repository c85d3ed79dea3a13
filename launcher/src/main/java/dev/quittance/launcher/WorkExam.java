package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.messaging.deadletter.BrokerUnavailable;
import dev.quittance.messaging.deadletter.DeadLetterFilter;
import dev.quittance.messaging.deadletter.DeadLetterService;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Examines the work that waits for somebody: it is no fault of the machinery, and nobody else will
/// do it.
final class WorkExam {

  private static final String LETTERS = "failed messages";
  private static final String MAIL = "failed mail";
  private static final String WRONG = "wrong receipts";
  private static final String BACKLOG = "unpublished events";

  /// What the console shows when it isn't asked for more.
  private static final Duration MAIL_AGE_MAX = Duration.ofDays(7);

  /// The alert's own patience.
  private static final Duration WAITING_MAX = Duration.ofMinutes(1);

  private final ServiceClient services;
  private final Map<String, Object> brokers;
  private final Clock clock;

  WorkExam(ServiceClient services, Map<String, Object> brokers, Clock clock) {
    this.services = services;
    this.brokers = brokers;
    this.clock = clock;
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>(letters());
    try {
      findings.addAll(mail());
      findings.add(wrong());
      findings.add(backlog());
    } catch (StackFault e) {
      findings.add(Finding.skipped(MAIL, String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private List<Finding> letters() {
    try (var service = DeadLetterService.over(brokers, clock)) {
      int open = service.list(DeadLetterFilter.OPEN, 1, null).total();
      if (open == 0) {
        return List.of(Finding.ok(LETTERS, "none is open"));
      }
      var findings = new ArrayList<Finding>();
      findings.add(
          Finding.doubtful(
              LETTERS,
              open + " couldn't be processed, and wait for somebody",
              "./quittance dead-letters list says why; repair the cause, then redrive them:"
                  + " docs/runbooks/dead-letters.md"));
      int unknown = service.list(unknownPayments(), 1, null).total();
      if (unknown > 0) {
        findings.addAll(withoutKey(unknown));
      }
      return findings;
    } catch (BrokerUnavailable _) {
      return List.of(Finding.skipped(LETTERS, "without brokers nobody knows"));
    }
  }

  private static DeadLetterFilter unknownPayments() {
    return new DeadLetterFilter(null, "payment_unknown", null, null, false);
  }

  /// What can't be asked stays unknown.
  private List<Finding> withoutKey(int unknown) {
    try {
      var findings = new ArrayList<Finding>();
      for (JsonNode endpoint :
          services.get(Service.INGEST, "/endpoints").content().path("endpoints")) {
        if (endpoint.path("apiAccess").asText().equals("no_key")) {
          findings.add(
              Finding.doubtful(
                  "API key",
                  Output.plain(endpoint.path("name").asText())
                      + " has none, and "
                      + unknown
                      + " refunds or disputes don't say whose they are",
                  "Give the endpoint an API key, then redrive them:"
                      + " docs/runbooks/dead-letters.md"));
        }
      }
      return findings;
    } catch (StackFault _) {
      return List.of(); // the endpoints' own finding says so
    }
  }

  private List<Finding> mail() {
    Instant since = clock.instant().minus(MAIL_AGE_MAX);
    JsonNode failed =
        services
            .get(
                Service.RECEIPTS,
                "/receipts/undeliverable?since=" + ServiceClient.escaped(since.toString()))
            .content();
    long receipts = failed.path("receiptsInAll").asLong();
    long codes = failed.path("codesInAll").asLong();
    var findings = new ArrayList<Finding>();
    if (receipts > 0) {
      findings.add(
          Finding.doubtful(
              MAIL,
              receipts + " receipts were given up within a week",
              "./quittance receipts list --undeliverable says why; correct the address with resend"
                  + " --to, or send all again: docs/runbooks/receipts-undeliverable.md"));
    }
    if (codes > 0) {
      findings.add(
          Finding.doubtful(
              MAIL,
              codes + " customers didn't get a code that they have paid for",
              "./quittance receipts list --undeliverable names them; resend each, to a corrected"
                  + " address: docs/runbooks/codes-undeliverable.md"));
    }
    return findings.isEmpty() ? List.of(Finding.ok(MAIL, "none within a week")) : findings;
  }

  private Finding wrong() {
    int wrong =
        services.get(Service.RECEIPTS, "/receipts/wrong?after=").content().path("receipts").size();
    return wrong == 0
        ? Finding.ok(WRONG, "none")
        : Finding.doubtful(
            WRONG,
            wrong + " receipts, or more, went out with an amount that the facts don't support",
            "./quittance receipts wrong lists them, receipts correct tells their customers:"
                + " docs/runbooks/receipts-wrong.md");
  }

  private Finding backlog() {
    JsonNode now = services.get(Service.RECEIPTS, "/inspection").content();
    long waiting = now.path("waiting").asLong();
    Instant oldest = instant(now.path("oldestAt").asText());
    if (oldest == null || oldest.isAfter(clock.instant().minus(WAITING_MAX))) {
      return Finding.ok(BACKLOG, waiting + " of receipts wait to be published, none for long");
    }
    return Finding.doubtful(
        BACKLOG,
        "%d of receipts wait to be published, the oldest since %s".formatted(waiting, oldest),
        "The log of receipt-service says what it waits for: docs/runbooks/outbox-stuck.md");
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
