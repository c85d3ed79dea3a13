package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets an order go that was held as paid twice, once the first is canceled before anything left of
/// it: the customer paid, and gets nothing by the first. Of several that wait behind one order the
/// first goes, and the others are held on behind it.
@Singleton
public class ReleaseDuplicates {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseDuplicates.class);

  /// Few are held at any time; a shop that cancels thousands at once has short transactions.
  static final int BATCH_MAX = 100;

  private final OrderTransactions transactions;
  private final Clock clock;

  public ReleaseDuplicates(OrderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /// What came of a batch.
  private record Batch(int released, List<OrderId> looked) {}

  /// A canceled order doesn't know who waits for it, and is not kept up by looking for them.
  @Scheduled(
      identity = "release-duplicates",
      every = "{quittance.duplicates.release-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void release() {
    try {
      int released = run();
      if (released > 0) {
        LOG.info("duplicates.released orders={}", released);
      }
    } catch (SQLException e) {
      LOG.warn("duplicates.not_released cause={}", e.getClass().getSimpleName());
    }
  }

  /// Releases all that may go. Several instances may do so at a time: under the lock of each order
  /// the second finds nothing to do.
  ///
  /// @return how many
  /// @throws SQLException when the database is away; what was not committed is found the next time
  public int run() throws SQLException {
    int released = 0;
    String after = "";
    while (true) {
      String from = after;
      Batch batch = transactions.run(orders -> release(orders, from));
      released += batch.released();
      if (batch.looked().size() < BATCH_MAX) {
        return released;
      }
      after = batch.looked().getLast().value();
    }
  }

  private Batch release(OrderRepository orders, String after) throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<OrderId> held = orders.heldBehindCanceled(after, BATCH_MAX);
    Collection<Order> locked = orders.lock(held).values();
    orders.refold(locked, now);
    orders.save(locked);
    int released =
        (int) locked.stream().filter(order -> order.view().duplicateOf() == null).count();
    return new Batch(released, held);
  }
}
