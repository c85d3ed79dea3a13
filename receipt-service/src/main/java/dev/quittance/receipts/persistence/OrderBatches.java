package dev.quittance.receipts.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All orders, a batch at a time, each in a transaction of its own that holds the batch's locks.
public final class OrderBatches {

  /// Locks so many orders at a time: for some tens of milliseconds.
  public static final int ORDERS_MAX = 200;

  private static final String NEXT = "SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?";

  private final Database database;

  public OrderBatches(Database database) {
    this.database = database;
  }

  /// What came of a batch.
  ///
  /// @param orders how many were looked at
  /// @param changed of how many something changed
  /// @param next behind which the next batch begins; absent when there is none
  public record Batch(int orders, int changed, @Nullable OrderId next) {}

  /// Goes through all orders, a batch at a time.
  @FunctionalInterface
  public interface Walk {
    /// @param after the last one of the batch before; absent to begin
    /// @param dryRun whether nothing is changed
    Batch next(@Nullable String after, int limit, boolean dryRun);
  }

  /// What is done with the orders of a batch.
  @FunctionalInterface
  public interface Work {
    /// @return those of which something changed
    Set<OrderId> in(StatementPipeline exchange, List<OrderId> orders) throws SQLException;
  }

  /// Does something with the orders that come next by their ids.
  ///
  /// @param after the last one of the batch before; absent to begin
  /// @param dryRun whether what is done is taken back
  public Batch next(@Nullable String after, int limit, boolean dryRun, Work work) {
    return database.transact(exchange -> {
      List<OrderId> ids = ids(exchange, after, Math.min(limit, ORDERS_MAX));
      FactStore.lock(exchange, ids);
      Set<OrderId> changed = ids.isEmpty() ? Set.of() : work.in(exchange, ids);
      if (dryRun) {
        exchange.connection().rollback();
      }
      return new Batch(ids.size(), changed.size(), ids.size() < limit ? null : ids.getLast());
    });
  }

  private static List<OrderId> ids(StatementPipeline exchange, @Nullable String after, int limit)
      throws SQLException {
    return exchange
        .ask(
            NEXT,
            Parameters.none().text(after == null ? "" : after).number(limit),
            row -> new OrderId(row.getString(1)))
        .rows();
  }
}
