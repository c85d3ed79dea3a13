package dev.quittance.fulfillment.persistence;

import dev.quittance.fulfillment.order.CommittedChanges;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.messaging.jdbc.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Transactions about orders that no batch from a topic brings about.
@Singleton
public final class OrderTransactions {

  private final DataSource database;
  private final OrderObserver observer;

  public OrderTransactions(DataSource database, OrderObserver observer) {
    this.database = database;
    this.observer = observer;
  }

  /// What is done in a transaction.
  @FunctionalInterface
  public interface Work<T> {
    T with(OrderRepository orders) throws SQLException;
  }

  private record Done<T>(T result, CommittedChanges changes) {}

  /// Commits the work, and then reports what it changed.
  ///
  /// @param work is repeated as a whole where the database ended it for another one's sake
  /// @throws SQLException when the database is away
  public <T> T run(Work<T> work) throws SQLException {
    Done<T> done =
        Transactions.inExchange(
            database,
            transaction -> {
              var orders = new OrderRepository(transaction);
              T result = work.with(orders);
              return new Done<>(result, orders.changes());
            });
    done.changes().report(observer);
    return done.result();
  }
}
