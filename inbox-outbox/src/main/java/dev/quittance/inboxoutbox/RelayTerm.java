package dev.quittance.inboxoutbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/// Publishes the rows of some shards, what has gathered while the last batch was under way.
///
/// Nothing fences it off. Of each order it sends a run of rows before which everything is
/// acknowledged, one request at a time, and nothing after a failure; so whatever a stalled
/// predecessor sends late, and whenever it does, each row is first seen after those before it.
final class RelayTerm implements Leader.Term {

  private final List<Integer> shards;
  private final Supplier<EventProducer> producers;
  private final Duration look;
  private final RelayObserver observer;
  private final Detained detained = new Detained();

  /// Orders of which some record was refused, and it isn't known which: each is tried by itself.
  private final Set<String> apart = new HashSet<>();

  RelayTerm(
      List<Integer> shards,
      Supplier<EventProducer> producers,
      Duration look,
      RelayObserver observer) {
    this.shards = List.copyOf(shards);
    this.producers = producers;
    this.look = look;
    this.observer = observer;
  }

  @Override
  public void lead(Connection connection, Leader leader) throws SQLException, InterruptedException {
    leader.news().ofAll();
    EventProducer producer = producers.get();
    try {
      while (!leader.stopped()) {
        leader.step();
        for (List<Pending> batch : batches(next(connection, leader.news()))) {
          leader.step();
          if (producer.closed()) {
            producer = producers.get();
          }
          relay(batch, connection, producer, leader);
        }
      }
    } finally {
      producer.close();
    }
  }

  private List<Pending> next(Connection connection, News news)
      throws SQLException, InterruptedException {
    Set<String> orders = news.await(look);
    Set<String> except = detained.orders(System.nanoTime());
    orders.removeAll(except);
    List<Pending> rows =
        orders.isEmpty()
            ? Pending.next(connection, shards, except)
            : Pending.of(connection, orders);
    if (rows.size() == Pending.ROWS_MAX) {
      news.ofAll(); // there may be more
    }
    return rows;
  }

  private List<List<Pending>> batches(List<Pending> rows) {
    var together = new ArrayList<Pending>();
    var batches = new ArrayList<List<Pending>>();
    for (List<Pending> ofOneOrder : Pending.byOrder(rows)) {
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
      List<Pending> batch, Connection connection, EventProducer producer, Leader leader)
      throws SQLException {
    EventProducer.Sent sent = producer.publish(batch);
    leader.step();
    if (!sent.acknowledged().isEmpty()) {
      Pending.delete(connection, sent.acknowledged());
      observer.relayed(leader.name(), sent.acknowledged().size());
    }
    Throwable failure = sent.failure();
    if (failure == null) {
      leader.wentWell();
      Pending.orders(batch).forEach(apart::remove);
      return;
    }
    if (sent.refused().isEmpty()) {
      throw failure instanceof KafkaException told ? told : new KafkaException(failure);
    }
    Set<String> refused = Pending.orders(sent.refused());
    if (refused.size() == 1) {
      observer.notRelayed(leader.name(), failure);
      detained.add(refused.iterator().next(), System.nanoTime());
      apart.removeAll(refused);
    } else {
      apart.addAll(refused);
    }
    leader.news().ofAll(); // the others of this batch
  }
}
