package dev.quittance.messaging.quarkus;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.IntakeObserver;
import dev.quittance.messaging.inbox.RecordOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what became of records, and says what went wrong.
@Singleton
final class IntakeMeters implements IntakeObserver {

  private static final Logger LOG = LoggerFactory.getLogger(IntakeMeters.class);

  private final MeterRegistry meters;
  private final Counter retries;

  IntakeMeters(ConsumerGroup group, MeterRegistry meters) {
    this.meters = meters;
    // all are there from the start: an alarm on an increase would miss the first otherwise
    this.retries = meters.counter("quittance.intake.retries");
    for (Topic topic : group.reads()) {
      for (String outcome : List.of("applied", "ignored", "duplicate", "dead")) {
        records(topic.topicName(), outcome);
      }
    }
  }

  private Counter records(String topic, String outcome) {
    return meters.counter("quittance.intake.records", "topic", topic, "outcome", outcome);
  }

  @Override
  public void handled(IncomingRecord record, RecordOutcome outcome) {
    records(record.topic(), outcome.word()).increment();
    if (outcome instanceof RecordOutcome.Dead(var why, var detail)) {
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
  public void leaving(IncomingRecord record, String type) {
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
    retries.increment();
    LOG.warn("intake.retrying attempt={} cause={}", attempt, cause.getClass().getSimpleName());
  }
}
