package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Folds stored orders again, which a changed fold reaches by nothing else: their state, and what
/// is announced of it, follow from the facts as this version reads them. A batch is a transaction;
/// one that is repeated finds nothing to change any more, so it needs no state of its own: whoever
/// asks goes on behind the last order of the batch before.
@Singleton
public final class RefoldOrders {

  /// Locks so many orders at a time: for some tens of milliseconds, so that no webhook's order
  /// waits noticeably.
  public static final int ORDERS_MAX = 200;

  private final OrderTransactions transactions;
  private final Clock clock;

  public RefoldOrders(OrderTransactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /// What came of a batch.
  ///
  /// @param orders how many were folded
  /// @param changed how many of them differ from what was stored
  /// @param next behind which the next batch begins; absent when there is none
  public record Batch(int orders, int changed, @Nullable OrderId next) {}

  /// Folds the orders that come next by their ids.
  ///
  /// @param after the last one of the batch before; absent to begin
  /// @param limit how many, at most [#ORDERS_MAX]
  /// @param dryRun whether nothing is changed
  /// @throws SQLException when the database is away
  public Batch next(@Nullable String after, int limit, boolean dryRun) throws SQLException {
    return transactions.run(orders -> refold(orders, after == null ? "" : after, limit, dryRun));
  }

  private Batch refold(OrderRepository orders, String after, int limit, boolean dryRun)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<OrderId> ids = orders.idsAfter(after, Math.min(limit, ORDERS_MAX));
    Collection<Order> locked = orders.lock(ids).values();
    if (dryRun) { // claims nothing
      locked.forEach(order -> order.refold(now));
    } else {
      orders.refold(locked, now);
      orders.save(locked);
    }
    int changed = (int) locked.stream().filter(Order::changed).count();
    return new Batch(ids.size(), changed, ids.size() < limit ? null : ids.getLast());
  }
}
