package dev.quittance.receipts;

import dev.quittance.messaging.quarkus.Gauges;
import dev.quittance.messaging.tracing.LogContext;
import dev.quittance.receipts.actions.CorrectReceipts;
import dev.quittance.receipts.mail.MailCircuit;
import dev.quittance.receipts.mail.MailDispatchObserver;
import dev.quittance.receipts.mail.MailDispatcher;
import dev.quittance.receipts.persistence.DatabaseUnavailable;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailKind;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.receipt.MailStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Counts and logs what happens. No line holds an address.
@Singleton
class ReceiptMetrics implements MailDispatchObserver {

  private static final Logger LOG = Logger.getLogger("dev.quittance.receipts");

  /// More than that is a defect, whatever the number; counting them must not cost a scrape.
  private static final int WRONG_MAX = 10_000;

  private final MeterRegistry meters;
  private final Instance<MailQueue> queue;
  private final Instance<CorrectReceipts> wrong;
  private final Instance<MailDispatcher> dispatcher;
  private final Clock clock;
  private final Timer waits;
  private final Timer wholeWay;
  private final Gauges gauges;

  ReceiptMetrics(
      MeterRegistry meters,
      Instance<MailQueue> queue,
      Instance<CorrectReceipts> wrong,
      Instance<MailDispatcher> dispatcher,
      Clock clock,
      Gauges gauges) {
    this.gauges = gauges;
    this.dispatcher = dispatcher;
    this.wrong = wrong;
    this.meters = meters;
    this.queue = queue;
    this.clock = clock;
    this.waits =
        Timer.builder("quittance.receipts.wait")
            .description("From a receipt's being due to the mail server's acceptance")
            .publishPercentileHistogram()
            .register(meters);
    this.wholeWay =
        Timer.builder("quittance.webhook.to.receipt")
            .description("From the webhook's receipt at the edge to the mail server's acceptance")
            .publishPercentileHistogram()
            .register(meters);
  }

  void measure() {
    // there from the start, so that none is missing until it happens, and the first one is a rise
    for (MailKind kind : MailKind.values()) {
      Stream.of(MailStatus.SENT, MailStatus.RETRYING, MailStatus.UNDELIVERABLE)
          .forEach(status -> attempts(kind, status));
    }
    for (MailCircuit cause : List.of(MailCircuit.AWAY, MailCircuit.REFUSED)) {
      gauges.register(
          Gauge.builder("quittance.mail.stopped", dispatcher, mails -> isOpen(mails, cause))
              .description("1 while the mail server is away, or refuses everybody's letter")
              .tag("cause", cause.wireName()));
    }
    gauges.register(
        Gauge.builder("quittance.codes.kept", this, ReceiptMetrics::codesKept)
            .description("Codes that customers bought and that could not be delivered"));
    gauges.register(
        Gauge.builder("quittance.codes.backlog", this, ReceiptMetrics::codesBacklog)
            .description("Letters with codes that are due and not settled"));
    gauges.register(
        Gauge.builder("quittance.receipts.backlog", this, ReceiptMetrics::backlog)
            .description("Receipts that are due and not settled"));
    gauges.register(
        Gauge.builder("quittance.receipts.oldest", this, ReceiptMetrics::oldestSeconds)
            .description("How long the oldest receipt has been due")
            .baseUnit("seconds"));
    gauges.register(
        Gauge.builder("quittance.receipts.wrong", this, ReceiptMetrics::wrong)
            .description("Receipts that went out with an amount that the facts don't support"));
  }

  @Override
  public void attempted(MailOutcome outcome) {
    ClaimedMail mail = outcome.mail();
    attempts(mail.kind(), outcome.status()).increment();
    if (outcome instanceof MailOutcome.Sent sent && mail.kind() == MailKind.RECEIPT) {
      measure(sent);
    }
    try (var _ = LogContext.of(null, mail.origin().traceparent())) {
      log(outcome);
    }
  }

  private void measure(MailOutcome.Sent sent) {
    waits.record(between(sent.mail().since(), sent.at()));
    Instant received = sent.mail().origin().receivedAt();
    // what is sent again by hand has its own time
    if (received != null && sent.mail().edition() == 1) {
      wholeWay.record(between(received, sent.at()));
    }
  }

  private static Duration between(Instant from, Instant to) {
    return from.isAfter(to) ? Duration.ZERO : Duration.between(from, to);
  }

  /// What goes well, and happens all day, is said to those who ask for it.
  private static void log(MailOutcome outcome) {
    switch (outcome) {
      case MailOutcome.Sent(var mail, _, var at) -> {
        if (LOG.isDebugEnabled()) {
          LOG.debugf("%s wait_ms=%d", line(outcome), between(mail.since(), at).toMillis());
        }
      }
      case MailOutcome.Retrying(_, var reason, var next) ->
          LOG.infof("%s reason=%s next=%s", line(outcome), reason.code(), next);
      case MailOutcome.Undeliverable(_, var reason) ->
          LOG.warnf("%s reason=%s", line(outcome), reason.code());
    }
  }

  private static String line(MailOutcome outcome) {
    ClaimedMail mail = outcome.mail();
    String status = outcome.status().wireName();
    String what =
        switch (mail.body()) {
          case ClaimedMail.Body.Receipt(var key, _, _) ->
              "receipt.%s receipt=%s kind=%s".formatted(status, mail.id(), key.kind());
          case ClaimedMail.Body.Code _ -> "code.%s letter=%s".formatted(status, mail.id());
        };
    return "%s order=%s attempt=%d".formatted(what, mail.order(), mail.attempt());
  }

  @Override
  public void circuit(MailCircuit now) {
    if (now == MailCircuit.CLOSED) {
      LOG.info("mailroom.resumed");
    } else {
      LOG.warnf("mailroom.stopped cause=%s", now.wireName());
    }
  }

  @Override
  public void failing(String what, Throwable cause) {
    LOG.errorf("mailroom.failing part=\"%s\" cause=%s", what, cause.getClass().getSimpleName());
  }

  private Counter attempts(MailKind kind, MailStatus status) {
    String name =
        switch (kind) {
          case RECEIPT -> "quittance.receipts.attempts";
          case CODE -> "quittance.codes.attempts";
        };
    return meters.counter(name, "outcome", status.wireName());
  }

  private static double isOpen(Instance<MailDispatcher> dispatcher, MailCircuit cause) {
    return dispatcher.get().circuit() == cause ? 1 : 0;
  }

  private double codesKept() {
    return measured(() -> queue.get().keptCodes());
  }

  private double codesBacklog() {
    return measured(() -> queue.get().backlog(MailKind.CODE).mails());
  }

  private double wrong() {
    return measured(() -> wrong.get().waiting(WRONG_MAX));
  }

  private double backlog() {
    return measured(() -> queue.get().backlog(MailKind.RECEIPT).mails());
  }

  private double oldestSeconds() {
    return measured(() -> {
      Instant oldest = queue.get().backlog(MailKind.RECEIPT).oldest();
      return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / 1000.0;
    });
  }

  @FunctionalInterface
  private interface Measured {
    double value() throws SQLException;
  }

  /// Nothing while the database is away.
  private static double measured(Measured measured) {
    try {
      return measured.value();
    } catch (SQLException | DatabaseUnavailable e) {
      return Double.NaN;
    }
  }
}
