package dev.quittance.inboxoutbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Publishes states that are due. Each producer that it opens is followed by a read before anything
/// is sent: what was read before may be old by now.
final class StatesTerm implements Leader.Term {

  /// As many as make a transaction worth its markers.
  static final int STATES_MAX = 500;

  /// Most of what happens to an order within a payment comes together, and nobody who reads states
  /// notices a quarter of a second.
  static final Duration GATHER = Duration.ofMillis(250);

  private final CurrentStates states;
  private final Supplier<StateProducer> producers;
  private final Duration look;
  private final RelayObserver observer;
  private final Detained detained = new Detained();

  /// Halved when the brokers refuse one of several, until it stands alone; doubled by each success.
  private int most = STATES_MAX;

  StatesTerm(
      CurrentStates states,
      Supplier<StateProducer> producers,
      Duration look,
      RelayObserver observer) {
    this.states = states;
    this.producers = producers;
    this.look = look;
    this.observer = observer;
  }

  @Override
  public void lead(Connection connection, Leader leader) throws SQLException, InterruptedException {
    StateProducer producer = producers.get();
    try {
      boolean anyDue = true;
      while (!leader.stopped()) {
        leader.step();
        leader.news().awaitGathered(anyDue ? Duration.ZERO : look, GATHER);
        leader.step();
        if (producer.closed()) {
          producer = producers.get();
          leader.step();
        }
        publish(connection, producer, leader);
        anyDue = states.anyDue(connection);
      }
    } finally {
      producer.close();
    }
  }

  private void publish(Connection connection, StateProducer producer, Leader leader)
      throws SQLException {
    List<CurrentStates.Due> due = states.read(connection, most, detained.orders(System.nanoTime()));
    leader.step();
    if (due.isEmpty()) {
      return;
    }
    try {
      producer.publish(due);
    } catch (RefusedRecord refused) {
      if (due.size() == 1) {
        observer.notRelayed(leader.name(), refused);
        detained.add(due.getFirst().order().value(), System.nanoTime());
      } else {
        most = Math.max(1, due.size() / 2);
      }
      return;
    }
    leader.step();
    states.delete(connection, due);
    observer.relayed(leader.name(), due.size());
    leader.wentWell();
    most = Math.min(STATES_MAX, most * 2);
  }
}
