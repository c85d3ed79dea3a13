package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.IntakeObserver;
import dev.quittance.inboxoutbox.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what became of records, and says what went wrong.
@ApplicationScoped
class IntakeMeters implements IntakeObserver {

  private static final Logger LOG = LoggerFactory.getLogger(IntakeMeters.class);

  private static final String RETRIES = "quittance.intake.retries";

  private final MeterRegistry meters;

  IntakeMeters(MeterRegistry meters) {
    this.meters = meters;
    // All are there from the start: an alarm on an increase would miss the first otherwise.
    for (Topic topic : ConsumerGroup.FULFILLMENT.reads()) {
      for (String outcome : List.of("applied", "ignored", "duplicate", "dead")) {
        records(topic.topicName(), outcome);
      }
    }
    meters.counter(RETRIES);
  }

  private Counter records(String topic, String outcome) {
    return meters.counter("quittance.intake.records", "topic", topic, "outcome", outcome);
  }

  @Override
  public void handled(Incoming record, Outcome outcome) {
    records(record.topic(), outcome.word()).increment();
    if (outcome instanceof Outcome.Dead(var why, var detail)) {
      try (var _ = record.inLog()) {
        LOG.warn(
            "event.dead topic={} partition={} offset={} reason={} detail=\"{}\"",
            record.topic(),
            record.partition(),
            record.offset(),
            why.wireName(),
            detail);
      }
    } else if (LOG.isDebugEnabled()) {
      try (var _ = record.inLog()) {
        LOG.debug(
            "event.handled topic={} partition={} offset={} type={} order={} outcome={}",
            record.topic(),
            record.partition(),
            record.offset(),
            record.header("ce_type"),
            record.header("ce_subject"),
            outcome.word());
      }
    }
  }

  @Override
  public void leaving(Incoming record, String type) {
    try (var _ = record.inLog()) {
      LOG.error(
          "intake.left topic={} partition={} offset={} type={}: a newer version has to take it",
          record.topic(),
          record.partition(),
          record.offset(),
          type);
    }
  }

  @Override
  public void retrying(int attempt, Exception cause) {
    meters.counter(RETRIES).increment();
    LOG.warn("intake.retrying attempt={} cause={}", attempt, cause.getClass().getSimpleName());
  }
}
