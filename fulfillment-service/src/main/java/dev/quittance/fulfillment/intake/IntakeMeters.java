package dev.quittance.fulfillment.intake;

import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.IntakeObserver;
import dev.quittance.inboxoutbox.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what became of records, and says what went wrong.
@ApplicationScoped
class IntakeMeters implements IntakeObserver {

  private static final Logger LOG = LoggerFactory.getLogger(IntakeMeters.class);

  private final MeterRegistry meters;

  IntakeMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void handled(Incoming record, Outcome outcome) {
    String name =
        switch (outcome) {
          case Outcome.Applied() -> "applied";
          case Outcome.Ignored() -> "ignored";
          case Outcome.Duplicate() -> "duplicate";
          case Outcome.Dead(var why, var detail) -> {
            LOG.warn(
                "event.dead topic={} partition={} offset={} reason={} detail=\"{}\"",
                record.topic(),
                record.partition(),
                record.offset(),
                why.wireName(),
                detail);
            yield "dead";
          }
        };
    meters
        .counter("quittance.intake.records", "topic", record.topic(), "outcome", name)
        .increment();
    LOG.debug(
        "event.handled topic={} partition={} offset={} outcome={}",
        record.topic(),
        record.partition(),
        record.offset(),
        name);
  }

  @Override
  public void retrying(int attempt, Exception cause) {
    meters.counter("quittance.intake.retries").increment();
    LOG.warn("intake.retrying attempt={} cause={}", attempt, cause.getClass().getSimpleName());
  }
}
