package dev.quittance.messaging.outbox;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/// Publishes the latest states of orders to a compacted topic, the current ones in one transaction
/// every quarter of a second. What changed twice in between is published once. It never gives up.
///
/// An older state that came after a newer one would be what compaction leaves. None does: whoever
/// takes over first has the brokers refuse the transactional id's predecessor and reads then. So
/// each record of a predecessor is before all of the successor's or nowhere, and what is read later
/// is never older.
public final class StatesRelay implements AutoCloseable {

  /// Behind the outbox's shards, among the locks of the service.
  private static final int LOCK = Outbox.SHARDS;

  private final CurrentStates states;
  private final Leader leader;
  private final Leaders running;

  /// @param service starts the transactional id: `{service}-outbox-states`
  /// @param look how long a state that nobody tells of, such as another instance's, may wait beside
  ///   a quarter of a second: an [OutboxRelay] of this process that leads looks for it, and this
  ///   one otherwise
  /// @param kafka the brokers' address and whatever else a Kafka client needs here
  public StatesRelay(
      String service,
      CurrentStates states,
      DataSource database,
      Map<String, Object> kafka,
      Duration look,
      Backoff backoff,
      RelayObserver observer) {
    this.states = states;
    String name = service + "-outbox-states";
    this.leader =
        new Leader(
            name,
            service,
            List.of(LOCK),
            database,
            backoff,
            observer,
            new StatesTerm(states, () -> StateProducer.open(name, kafka), look, observer));
    this.running = new Leaders(List.of(leader));
  }

  /// Starts publishing.
  public void start() {
    running.start();
  }

  /// As of the [OutboxRelay].
  public boolean alive() {
    return running.alive();
  }

  /// Says that states of these orders may be due.
  public void wake(Collection<OrderId> orders) {
    orders.forEach(order -> leader.signal().of(order.value()));
  }

  /// Where states that are due are marked.
  String table() {
    return states.table();
  }

  /// Says that the marks were looked at.
  ///
  /// @param any whether there are some
  void looked(boolean any) {
    leader.signal().looked(any);
  }

  /// Says that the events of these orders are out of the outbox, so that their states may go.
  void eventsAreOut(Collection<String> orders) {
    orders.forEach(leader.signal()::of);
  }

  /// Finishes the transaction in hand and stops.
  @Override
  public void close() {
    running.close();
  }
}
