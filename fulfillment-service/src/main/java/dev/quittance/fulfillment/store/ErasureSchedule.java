package dev.quittance.fulfillment.store;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every hour for erasures that are to be told once more. By and by: what is due after two
/// days may be late by an hour.
@ApplicationScoped
class ErasureSchedule {

  private static final Logger LOG = LoggerFactory.getLogger(ErasureSchedule.class);

  private final RepeatErasures erasures;

  ErasureSchedule(DataSource database, Clock clock, StoreObserver observer) {
    this.erasures = new RepeatErasures(database, clock, observer);
  }

  @Scheduled(
      identity = "repeat-erasures",
      every = "{quittance.erasures.repeat-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void repeat() {
    try {
      int repeated = erasures.run();
      if (repeated > 0) {
        LOG.info("erasures.repeated orders={}", repeated);
      }
    } catch (SQLException e) {
      LOG.warn("erasures.not_repeated cause={}", e.getClass().getSimpleName());
    }
  }
}
