package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Erasure;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Erases an order's customer, for good: facts that come later are taken without them as well. A
/// repetition changes nothing.
@Singleton
public final class EraseCustomer {

  private final OrderTransactions transactions;
  private final Audit audit;
  private final Clock clock;

  public EraseCustomer(OrderTransactions transactions, Audit audit, Clock clock) {
    this.transactions = transactions;
    this.audit = audit;
    this.clock = clock;
  }

  /// @return whether there is such an order
  /// @throws SQLException when the database is away
  public boolean erase(Person person, OrderId order) throws SQLException {
    long entry = audit.begin(person, "customer.erased", order.value(), "");
    boolean known = transactions.run(orders -> erase(orders, order, person.name()));
    audit.end(entry, known ? Audit.DONE : Audit.REFUSED);
    return known;
  }

  private boolean erase(OrderRepository orders, OrderId id, String by) throws SQLException {
    Order order = orders.lock(id);
    if (order == null) {
      return false;
    }
    if (order.erasure() == null) {
      orders.claim(List.of(order), _ -> false);
      order.erase(new Erasure(clock.instant().truncatedTo(ChronoUnit.MICROS), by));
      orders.save(List.of(order));
    }
    return true;
  }
}
