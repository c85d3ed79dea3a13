package dev.quittance.messaging.outbox;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Publishes the outbox: one relay at a time over all instances, in the order of each order's
/// sequence, deleting after the brokers' acknowledgement. It never gives up.
///
/// What is published may come again, but in its order: readers drop what they know by its sequence.
/// Hence nothing for compacted topics belongs here, where the last record of a key is what remains:
/// see [StatesRelay].
public final class OutboxRelay implements AutoCloseable {

  private final List<Leader> leaders;
  private final Leaders running;

  /// @param service starts the relays' names: `{service}-outbox-{number}`
  /// @param relays how many share the shards, from 1 to [Outbox#SHARDS]; instances may differ
  ///   during a rolling update
  /// @param look how long a row that nobody tells of, such as another instance's, may wait; each
  ///   relay asks the database as often as that
  /// @param kafka the brokers' address and whatever else a Kafka client needs here
  public OutboxRelay(
      String service,
      int relays,
      DataSource database,
      Map<String, Object> kafka,
      Duration look,
      Backoff backoff,
      RelayObserver observer) {
    this(service, relays, database, kafka, look, backoff, observer, null);
  }

  /// @param states of the same service and process, whose marks are looked at with the outbox, so
  ///   that an idle service looks once; null where it has none
  public OutboxRelay(
      String service,
      int relays,
      DataSource database,
      Map<String, Object> kafka,
      Duration look,
      Backoff backoff,
      RelayObserver observer,
      @Nullable StatesRelay states) {
    if (relays < 1 || relays > Outbox.SHARDS) {
      throw new IllegalArgumentException(
          "from 1 to %d relays share the outbox, not %d".formatted(Outbox.SHARDS, relays));
    }
    this.leaders =
        IntStream.range(0, relays)
            .mapToObj(relay -> {
              String name = service + "-outbox-" + relay;
              List<Integer> shards = shards(relay, relays);
              return new Leader(
                  name,
                  service,
                  shards,
                  database,
                  backoff,
                  observer,
                  new RelayTerm(
                      shards, () -> EventProducer.open(name, kafka), look, observer, states));
            })
            .toList();
    this.running = new Leaders(leaders);
  }

  private static List<Integer> shards(int relay, int relays) {
    return IntStream.range(0, Outbox.SHARDS)
        .filter(shard -> shard % relays == relay)
        .boxed()
        .toList();
  }

  /// Starts relaying.
  public void start() {
    running.start();
  }

  /// Whether every relay is at work, or none should be; brokers or a database that are away don't
  /// matter. A relay that ended by itself, or has not come around for half a minute, is started by
  /// nobody but the next process.
  public boolean alive() {
    return running.alive();
  }

  /// Says that rows of these orders were committed, so that nobody waits for the next look. Whoever
  /// forgets it, or dies before, costs them that look and nothing else.
  public void wake(Collection<OrderId> orders) {
    orders.forEach(
        order -> leaders.get(Outbox.shard(order) % leaders.size()).signal().of(order.value()));
  }

  /// Finishes the batches in hand and stops.
  @Override
  public void close() {
    running.close();
  }
}
