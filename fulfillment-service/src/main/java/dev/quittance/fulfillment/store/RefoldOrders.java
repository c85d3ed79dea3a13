package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Folds stored orders again, which a changed fold reaches by nothing else: their state, and what
/// others are told, follow from the facts as this version reads them. A batch is a transaction; one
/// that is repeated finds nothing to change any more, so it needs no state of its own: whoever asks
/// goes on behind the last order of the batch before.
public final class RefoldOrders {

  /// Locks so many orders at a time: for some tens of milliseconds, so that no webhook's order
  /// waits noticeably.
  public static final int ORDERS_MAX = 200;

  /// Two that deadlock settle at the second attempt; more means that something else is wrong.
  private static final int ATTEMPTS_MAX = 5;

  /// Serialization failure, deadlock.
  private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01");

  private static final String NEXT = "SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?";

  private final DataSource database;
  private final Clock clock;
  private final StoreObserver observer;

  public RefoldOrders(DataSource database, Clock clock, StoreObserver observer) {
    this.database = database;
    this.clock = clock;
    this.observer = observer;
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
    for (int attempt = 1; ; attempt++) {
      try (Connection transaction = database.getConnection()) {
        transaction.setAutoCommit(false);
        try {
          List<OrderId> ids = ids(transaction, after, Math.min(limit, ORDERS_MAX));
          Set<OrderId> changed = refold(transaction, ids, dryRun);
          if (dryRun) {
            transaction.rollback();
          } else {
            transaction.commit();
            observer.committed(changed);
          }
          return new Batch(ids.size(), changed.size(), ids.size() < limit ? null : ids.getLast());
        } catch (SQLException e) {
          transaction.rollback();
          if (!WORTH_REPEATING.contains(e.getSQLState()) || attempt == ATTEMPTS_MAX) {
            throw e;
          }
        } catch (Throwable e) { // turning autocommit on again would commit half of it
          transaction.rollback();
          throw e;
        } finally {
          transaction.setAutoCommit(true);
        }
      }
    }
  }

  private Set<OrderId> refold(Connection transaction, List<OrderId> ids, boolean dryRun)
      throws SQLException {
    if (ids.isEmpty()) {
      return Set.of();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Map<OrderId, StoredOrder> orders = LockedOrders.lock(transaction, ids);
    var changed = new TreeSet<OrderId>();
    for (StoredOrder order : orders.values()) {
      order.refold(now);
      if (order.touched()) {
        changed.add(order.id());
      }
    }
    if (!dryRun) {
      Changes.write(transaction, orders.values());
    }
    return changed;
  }

  private static List<OrderId> ids(Connection transaction, @Nullable String after, int limit)
      throws SQLException {
    var ids = new ArrayList<OrderId>();
    try (PreparedStatement statement = transaction.prepareStatement(NEXT)) {
      statement.setString(1, after == null ? "" : after);
      statement.setInt(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(new OrderId(rows.getString(1)));
        }
      }
    }
    return ids;
  }
}
