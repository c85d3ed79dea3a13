package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the latest state of an order whose customer was erased published once more, two days later.
/// Compaction leaves the segment alone that is written to, and nothing ends the segment of a quiet
/// partition but another record: without one, the states that name the customer would stay on
/// [Topic#FULFILLMENT_ORDERS] for ever.
@Singleton
public class RepeatErasures {

  private static final Logger LOG = LoggerFactory.getLogger(RepeatErasures.class);

  /// Twice as long as a segment lasts: by then the one that holds the erased state is over,
  /// whenever it began.
  static final Duration AFTER = Topic.SEGMENT.multipliedBy(2);

  /// A shop that erases ten thousand at once has them repeated in a hundred short transactions.
  static final int BATCH_MAX = 100;

  private final OrderTransactions transactions;
  private final Clock clock;

  public RepeatErasures(OrderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /// By and by: what is due after two days may be late by an hour.
  @Scheduled(
      identity = "repeat-erasures",
      every = "{quittance.erasures.repeat-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void repeat() {
    try {
      int repeated = run();
      if (repeated > 0) {
        LOG.info("erasures.repeated orders={}", repeated);
      }
    } catch (SQLException e) {
      LOG.warn("erasures.not_repeated cause={}", e.getClass().getSimpleName());
    }
  }

  /// Repeats all that is due. Several instances may do so at a time: each order is one's.
  ///
  /// @return how many
  /// @throws SQLException when the database is away; what was not committed is repeated the next
  ///   time
  public int run() throws SQLException {
    int repeated = 0;
    int batch;
    do {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      batch = transactions.run(orders -> orders.repeatErasures(now.minus(AFTER), now, BATCH_MAX));
      repeated += batch;
    } while (batch == BATCH_MAX);
    return repeated;
  }
}
