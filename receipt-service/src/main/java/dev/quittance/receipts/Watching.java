package dev.quittance.receipts;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.IntakeObserver;
import dev.quittance.inboxoutbox.OutboxRelay;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.inboxoutbox.RelayObserver;
import dev.quittance.receipts.mail.Circuit;
import dev.quittance.receipts.mail.MailRoom;
import dev.quittance.receipts.mail.MailRoomObserver;
import dev.quittance.receipts.mail.Reply;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.CodeSending;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.Status;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.WorkTable;
import dev.quittance.receipts.store.WrongReceipts;
import dev.quittance.tracing.LogContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Counts and logs what happens. No line holds an address.
@Singleton
class Watching implements IntakeObserver, RelayObserver, MailRoomObserver {

  private static final Logger LOG = Logger.getLogger("dev.quittance.receipts");

  /// More than that is a defect, whatever the number; counting them must not cost a scrape.
  private static final int WRONG_MAX = 10_000;

  private static final String RETRIES = "quittance.intake.retries";
  private static final String RELAYED = "quittance.outbox.relayed";
  private static final String FAILURES = "quittance.outbox.failures";

  private final MeterRegistry meters;
  private final Instance<WorkTable> table;
  private final Instance<CodeTable> codes;
  private final Instance<WrongReceipts> wrong;
  private final Instance<OutboxRelay> relay;
  private final Instance<MailRoom> mailRoom;
  private final Clock clock;
  private final Timer waits;
  private final Timer wholeWay;
  private final List<Gauge> gauges = new ArrayList<>();

  Watching(
      MeterRegistry meters,
      Instance<WorkTable> table,
      Instance<CodeTable> codes,
      Instance<WrongReceipts> wrong,
      Instance<OutboxRelay> relay,
      Instance<MailRoom> mailRoom,
      Clock clock) {
    this.mailRoom = mailRoom;
    this.codes = codes;
    this.wrong = wrong;
    this.meters = meters;
    this.table = table;
    this.relay = relay;
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
    List.of(RETRIES, RELAYED, FAILURES).forEach(meters::counter);
    Stream.of(Status.SENT, Status.RETRYING, Status.UNDELIVERABLE).forEach(this::attempts);
    Stream.of(Status.SENT, Status.RETRYING, Status.UNDELIVERABLE).forEach(this::codes);
    Stream.of("applied", "ignored", "duplicate", "dead")
        .forEach(outcome ->
            ConsumerGroup.RECEIPTS.reads().forEach(topic -> records(topic.topicName(), outcome)));
    for (Circuit cause : List.of(Circuit.AWAY, Circuit.REFUSED)) {
      gauges.add(
          Gauge.builder("quittance.mail.stopped", mailRoom, room -> isOpen(room, cause))
              .description("1 while the mail server is away, or refuses everybody's letter")
              .tag("cause", cause.wireName())
              .register(meters));
    }
    gauges.add(
        Gauge.builder("quittance.codes.kept", this, Watching::codesKept)
            .description("Codes that customers bought and that could not be delivered")
            .register(meters));
    gauges.add(
        Gauge.builder("quittance.codes.backlog", this, Watching::codesBacklog)
            .description("Letters with codes that are due and not settled")
            .register(meters));
    gauges.add(
        Gauge.builder("quittance.receipts.backlog", this, Watching::backlog)
            .description("Receipts that are due and not settled")
            .register(meters));
    gauges.add(
        Gauge.builder("quittance.receipts.oldest", this, Watching::oldestSeconds)
            .description("How long the oldest receipt has been due")
            .baseUnit("seconds")
            .register(meters));
    gauges.add(
        Gauge.builder("quittance.receipts.wrong", this, Watching::wrong)
            .description("Receipts that went out with an amount that the facts don't support")
            .register(meters));
    gauges.add(
        Gauge.builder("quittance.outbox.oldest.age", this, Watching::outboxSeconds)
            .description("How long the oldest row of the outbox has been waiting")
            .baseUnit("seconds")
            .register(meters));
  }

  /// A registry that lives on, as in the next start of one process, keeps no gauge of what is gone.
  @PreDestroy
  void forget() {
    gauges.forEach(meters::remove);
  }

  @Override
  public void handled(Incoming incoming, Outcome outcome) {
    records(incoming.topic(), outcome.word()).increment();
    if (outcome instanceof Outcome.Dead(var why, var detail)) {
      try (var _ = incoming.inLog()) {
        LOG.warnf("event.dead record=%s reason=%s detail=\"%s\"", incoming, why.wireName(), detail);
      }
    } else if (LOG.isDebugEnabled()) {
      try (var _ = incoming.inLog()) {
        LOG.debugf(
            "event.handled record=%s type=%s order=%s outcome=%s",
            incoming, incoming.header("ce_type"), incoming.header("ce_subject"), outcome.word());
      }
    }
  }

  @Override
  public void leaving(Incoming incoming, String type) {
    try (var _ = incoming.inLog()) {
      LOG.errorf("intake.left record=%s type=%s: a newer version has to take it", incoming, type);
    }
  }

  @Override
  public void retrying(int attempt, Exception cause) {
    meters.counter(RETRIES).increment();
    LOG.warnf("intake.retrying attempt=%d cause=%s", attempt, cause.getClass().getSimpleName());
  }

  @Override
  public void relayed(String name, int records) {
    meters.counter(RELAYED).increment(records);
  }

  @Override
  public void notRelayed(String name, Throwable cause) {
    meters.counter(FAILURES).increment();
    LOG.warnf("outbox.failing relay=%s cause=%s", name, cause.getClass().getSimpleName());
  }

  @Override
  public void attempted(Receipt receipt, Reply reply) {
    attempts(receipt.status()).increment();
    measure(receipt);
    try (var _ = inLog(receipt)) {
      log(receipt);
    }
  }

  private void measure(Receipt receipt) {
    if (receipt instanceof Receipt.Sent sent) {
      waits.record(between(sent.sending().since(), sent.at()));
      Instant received = sent.sending().origin().receivedAt();
      // what is sent again by hand has its own time
      if (received != null && sent.sending().edition() == 1) {
        wholeWay.record(between(received, sent.at()));
      }
    }
  }

  private static Duration between(Instant from, Instant to) {
    return from.isAfter(to) ? Duration.ZERO : Duration.between(from, to);
  }

  private static LogContext inLog(Receipt receipt) {
    return switch (receipt) {
      case Receipt.Sent sent -> LogContext.of(null, sent.sending().origin().traceparent());
      case Receipt.Retrying retrying ->
          LogContext.of(null, retrying.sending().origin().traceparent());
      case Receipt.Undeliverable undeliverable ->
          LogContext.of(null, undeliverable.sending().origin().traceparent());
      case Receipt.Sending sending -> LogContext.of(null, sending.origin().traceparent());
      case Receipt.Waiting _, Receipt.Due _, Receipt.Skipped _ -> LogContext.of(null, null);
    };
  }

  /// What goes well, and happens all day, is told to those who ask for it.
  private static void log(Receipt receipt) {
    switch (receipt) {
      case Receipt.Sent sent ->
          LOG.debugf(
              "receipt.sent receipt=%s order=%s kind=%s attempt=%d wait_ms=%d",
              sent.key().id(),
              sent.key().order(),
              sent.key().kind(),
              sent.sending().attempt(),
              between(sent.sending().since(), sent.at()).toMillis());
      case Receipt.Retrying retrying ->
          LOG.infof(
              "receipt.retrying receipt=%s order=%s attempt=%d reason=%s next=%s",
              retrying.key().id(),
              retrying.key().order(),
              retrying.sending().attempt(),
              retrying.reason().code(),
              retrying.next());
      case Receipt.Undeliverable undeliverable ->
          LOG.warnf(
              "receipt.undeliverable receipt=%s order=%s attempt=%d reason=%s",
              undeliverable.key().id(),
              undeliverable.key().order(),
              undeliverable.sending().attempt(),
              undeliverable.reason().code());
      case Receipt.Waiting _, Receipt.Due _, Receipt.Sending _, Receipt.Skipped _ -> {}
    }
  }

  @Override
  public void attempted(CodeOutcome outcome) {
    CodeSending sending = outcome.sending();
    switch (outcome) {
      case CodeOutcome.Sent _ -> {
        codes(Status.SENT).increment();
        LOG.debugf(
            "code.sent letter=%s order=%s attempt=%d",
            sending.id(), sending.order(), sending.attempt());
      }
      case CodeOutcome.Retrying(_, var reason, var next) -> {
        codes(Status.RETRYING).increment();
        LOG.infof(
            "code.retrying letter=%s order=%s attempt=%d reason=%s next=%s",
            sending.id(), sending.order(), sending.attempt(), reason.code(), next);
      }
      case CodeOutcome.Undeliverable(_, var reason) -> {
        codes(Status.UNDELIVERABLE).increment();
        LOG.warnf(
            "code.undeliverable letter=%s order=%s attempt=%d reason=%s",
            sending.id(), sending.order(), sending.attempt(), reason.code());
      }
    }
  }

  @Override
  public void circuit(Circuit now) {
    if (now == Circuit.CLOSED) {
      LOG.info("mailroom.resumed");
    } else {
      LOG.warnf("mailroom.stopped cause=%s", now.wireName());
    }
  }

  @Override
  public void failing(String what, Throwable cause) {
    LOG.errorf("mailroom.failing part=\"%s\" cause=%s", what, cause.getClass().getSimpleName());
  }

  private Counter records(String topic, String outcome) {
    return meters.counter("quittance.intake.records", "topic", topic, "outcome", outcome);
  }

  private Counter attempts(Status status) {
    return meters.counter("quittance.receipts.attempts", "outcome", status.wireName());
  }

  private Counter codes(Status status) {
    return meters.counter("quittance.codes.attempts", "outcome", status.wireName());
  }

  private static double isOpen(Instance<MailRoom> room, Circuit cause) {
    return room.get().circuit() == cause ? 1 : 0;
  }

  private double codesKept() {
    try {
      return codes.get().kept();
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private double codesBacklog() {
    try {
      return codes.get().backlog().receipts();
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private double wrong() {
    try {
      return wrong.get().waiting(WRONG_MAX);
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private double backlog() {
    try {
      return table.get().backlog().receipts();
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private double oldestSeconds() {
    try {
      Instant oldest = table.get().backlog().oldest();
      return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / 1000.0;
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private double outboxSeconds() {
    try {
      return relay.get().oldestAge().toMillis() / 1000.0;
    } catch (SQLException e) {
      return Double.NaN;
    }
  }
}
