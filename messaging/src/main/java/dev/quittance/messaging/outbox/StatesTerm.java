package dev.quittance.messaging.outbox;

import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
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
  private final QuarantinedOrders quarantined = new QuarantinedOrders();

  /// What the brokers have and whose marks are still to be deleted.
  private final List<CurrentStates.Due> published = new ArrayList<>();

  /// Whether there was more than one look takes.
  private boolean more;

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
    var session = StatementPipeline.ofSession(connection);
    published.clear(); // by an earlier term: what was not deleted is read again
    more = true;
    StateProducer producer = producers.get();
    try {
      while (!leader.stopped()) {
        leader.step();
        if (!more) {
          awaitNews(session, leader);
        }
        leader.step();
        if (producer.closed()) {
          producer = producers.get();
          leader.step();
        }
        publish(session, producer, leader);
      }
      delete(session, leader);
    } finally {
      producer.close();
    }
  }

  /// The marks of what was published go with the next read, or by themselves where there is none
  /// soon.
  private void awaitNews(StatementPipeline session, Leader leader)
      throws SQLException, InterruptedException {
    if (!published.isEmpty() && !leader.signal().comesWithin(GATHER, look.plus(GATHER))) {
      delete(session, leader);
    }
    leader.signal().awaitGathered(look.plus(GATHER), GATHER);
  }

  private void delete(StatementPipeline session, Leader leader) throws SQLException {
    if (!published.isEmpty()) {
      states.delete(session, published);
      session.send();
      deleted(leader);
    }
  }

  private void deleted(Leader leader) {
    if (!published.isEmpty()) {
      observer.relayed(leader.name(), published.size());
      published.clear();
      leader.wentWell();
    }
  }

  private void publish(StatementPipeline session, StateProducer producer, Leader leader)
      throws SQLException {
    if (!published.isEmpty()) {
      states.delete(session, published);
    }
    List<CurrentStates.Due> due =
        states.read(session, most, quarantined.orders(System.nanoTime())).rows();
    deleted(leader);
    leader.step();
    more = due.stream().mapToInt(state -> state.due().size()).sum() >= most;
    if (due.isEmpty()) {
      return;
    }
    try {
      producer.publish(due);
    } catch (RefusedRecord refused) {
      more = true; // the others
      if (due.size() == 1) {
        observer.notRelayed(leader.name(), refused);
        quarantined.add(due.getFirst().order().value(), System.nanoTime());
      } else {
        most = Math.max(1, due.size() / 2);
      }
      return;
    }
    leader.step();
    published.addAll(due);
    most = Math.min(STATES_MAX, most * 2);
  }
}
