package dev.quittance.messaging.outbox;

import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Publishes the rows of some shards, what has gathered while the last batch was under way.
///
/// Nothing fences it off. Of each order it sends a run of rows before which everything is
/// acknowledged, one request at a time, and nothing after a failure; so whatever a stalled
/// predecessor sends late, and whenever it does, each row is first seen after those before it.
final class RelayTerm implements Leader.Term {

  /// As long as a delete waits for a read to go with. It is less than a state gathers
  /// ([StatesTerm#GATHER]), which is not read while an event of its order is in the outbox.
  static final Duration DELETED_WITHIN = Duration.ofMillis(100);

  private final List<Integer> shards;
  private final Supplier<EventProducer> producers;
  private final Duration look;
  private final RelayObserver observer;
  private final @Nullable StatesRelay states;
  private final QuarantinedOrders quarantined = new QuarantinedOrders();

  /// Orders of which some record was refused, and it isn't known which: each is tried by itself.
  private final Set<String> apart = new HashSet<>();

  /// What the brokers have and is still to be deleted.
  private final List<OutboxEntry> acknowledged = new ArrayList<>();

  /// @param states whose marks are looked at with the outbox; null where there are none
  RelayTerm(
      List<Integer> shards,
      Supplier<EventProducer> producers,
      Duration look,
      RelayObserver observer,
      @Nullable StatesRelay states) {
    this.shards = List.copyOf(shards);
    this.producers = producers;
    this.look = look;
    this.observer = observer;
    this.states = states;
  }

  @Override
  public void lead(Connection connection, Leader leader) throws SQLException, InterruptedException {
    var session = StatementPipeline.ofSession(connection);
    acknowledged.clear(); // by an earlier term: what was not deleted is read again
    leader.signal().ofAll();
    EventProducer producer = producers.get();
    try {
      while (!leader.stopped()) {
        leader.step();
        for (List<OutboxEntry> batch : batches(next(session, leader))) {
          leader.step();
          if (producer.closed()) {
            producer = producers.get();
          }
          relay(batch, session, producer, leader);
        }
      }
      settle(session, leader);
    } finally {
      producer.close();
    }
  }

  private List<OutboxEntry> next(StatementPipeline session, Leader leader)
      throws SQLException, InterruptedException {
    OutboxSignal signal = leader.signal();
    if (!acknowledged.isEmpty() && !signal.comesWithin(DELETED_WITHIN, look)) {
      settle(session, leader);
    }
    Set<String> orders = signal.await(look);
    Set<String> except = quarantined.orders(System.nanoTime());
    orders.removeAll(except);
    boolean published = !acknowledged.isEmpty();
    if (published) {
      OutboxEntry.delete(session, acknowledged);
    }
    List<OutboxEntry> rows =
        orders.isEmpty() ? all(session, except) : OutboxEntry.of(session, orders).rows();
    if (published) {
      deleted(leader);
      leader.wentWell();
    }
    if (rows.size() == OutboxEntry.ROWS_MAX) {
      signal.ofAll(); // there may be more
    }
    return rows;
  }

  private List<OutboxEntry> all(StatementPipeline session, Set<String> except) throws SQLException {
    StatementPipeline.Answer<OutboxEntry> rows = OutboxEntry.next(session, shards, except);
    if (states != null) {
      states.looked(Backlog.any(session, states.table()).rows().getFirst());
    }
    return rows.rows();
  }

  private void settle(StatementPipeline session, Leader leader) throws SQLException {
    if (!acknowledged.isEmpty()) {
      delete(session, leader);
      leader.wentWell();
    }
  }

  private void delete(StatementPipeline session, Leader leader) throws SQLException {
    if (!acknowledged.isEmpty()) {
      OutboxEntry.delete(session, acknowledged);
      session.send();
      deleted(leader);
    }
  }

  private void deleted(Leader leader) {
    if (states != null) {
      states.eventsAreOut(OutboxEntry.orders(acknowledged));
    }
    observer.relayed(leader.name(), acknowledged.size());
    acknowledged.clear();
  }

  private List<List<OutboxEntry>> batches(List<OutboxEntry> rows) {
    var together = new ArrayList<OutboxEntry>();
    var batches = new ArrayList<List<OutboxEntry>>();
    for (List<OutboxEntry> ofOneOrder : OutboxEntry.byOrder(rows)) {
      if (apart.contains(ofOneOrder.getFirst().order())) {
        batches.add(ofOneOrder);
      } else {
        together.addAll(ofOneOrder);
      }
    }
    if (!together.isEmpty()) {
      batches.addFirst(together);
    }
    return batches;
  }

  private void relay(
      List<OutboxEntry> batch, StatementPipeline session, EventProducer producer, Leader leader)
      throws SQLException {
    EventProducer.Sent sent = producer.publish(batch);
    leader.step();
    acknowledged.addAll(sent.acknowledged());
    Throwable failure = sent.failure();
    if (failure == null) {
      OutboxEntry.orders(batch).forEach(apart::remove);
      return;
    }
    delete(session, leader);
    if (sent.refused().isEmpty()) {
      throw failure instanceof KafkaException kafka ? kafka : new KafkaException(failure);
    }
    Set<String> refused = OutboxEntry.orders(sent.refused());
    if (refused.size() == 1) {
      observer.notRelayed(leader.name(), failure);
      quarantined.add(refused.iterator().next(), System.nanoTime());
      apart.removeAll(refused);
    } else {
      apart.addAll(refused);
    }
    leader.signal().ofAll(); // the others of this batch
  }
}
