package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.inboxoutbox.Transactions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
    Refolded refolded =
        Transactions.inExchange(
            database,
            exchange -> {
              List<OrderId> ids = ids(exchange, after, Math.min(limit, ORDERS_MAX));
              List<StoredOrder> changed = refolded(exchange, ids);
              var batch =
                  new Batch(ids.size(), changed.size(), ids.size() < limit ? null : ids.getLast());
              return new Refolded(
                  batch, dryRun ? Committed.NOTHING : Changes.write(exchange, changed));
            });
    if (!dryRun) {
      refolded.written().report(observer);
    }
    return refolded.batch();
  }

  private record Refolded(Batch batch, Committed written) {}

  /// Those that differ from what was stored.
  private List<StoredOrder> refolded(Exchange exchange, List<OrderId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Map<OrderId, StoredOrder> orders = LockedOrders.lock(exchange, ids);
    orders.values().forEach(order -> order.refold(now));
    return orders.values().stream().filter(StoredOrder::touched).toList();
  }

  private static List<OrderId> ids(Exchange exchange, @Nullable String after, int limit)
      throws SQLException {
    return exchange
        .ask(
            NEXT,
            Parameters.none().text(after == null ? "" : after).number(limit),
            row -> new OrderId(row.getString(1)))
        .rows();
  }
}
