package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Publishes the outbox: one relay per shard at a time over all instances, in the order of each
/// order's sequence, deleting after the brokers' acknowledgement. It never gives up.
public final class OutboxRelay implements AutoCloseable {

  private static final String OLDEST =
      "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) FROM outbox";

  /// A relay finishes the batch in hand; more than this it isn't waited for, because what it leaves
  /// is taken up by the next.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(8);

  private final DataSource database;
  private final List<RelayShard> shards;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /// @param service starts the transactional ids: `{service}-outbox-{shard}`
  /// @param look how long a row that nobody tells of, such as another instance's, may wait; each
  ///   shard asks the database as often as that
  /// @param kafka the brokers' address and whatever else a Kafka client needs here
  public OutboxRelay(
      String service,
      DataSource database,
      Map<String, Object> kafka,
      Duration look,
      Backoff backoff,
      RelayObserver observer) {
    this.database = database;
    this.shards =
        IntStream.range(0, Outbox.SHARDS)
            .mapToObj(
                shard -> new RelayShard(service, shard, database, kafka, look, backoff, observer))
            .toList();
  }

  /// Starts relaying.
  public void start() {
    shards.forEach(shard -> threads.add(Thread.ofVirtual().name(shard.name()).start(shard)));
  }

  /// Whether every shard has its relay at work, or none should have; brokers or a database that are
  /// away don't matter. A relay that ended by itself is started by nobody but the next process.
  public boolean alive() {
    return closed || threads.stream().allMatch(Thread::isAlive);
  }

  /// Says that rows of these orders were committed, so that nobody waits for the next look. Whoever
  /// forgets it, or dies before, costs them that look and nothing else.
  public void wake(Collection<OrderId> orders) {
    orders.forEach(order -> shards.get(Outbox.shard(order)).wake(order));
  }

  /// How long the oldest row has been waiting; zero when there is none.
  public Duration oldestAge() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(OLDEST);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return Duration.ofMillis((long) (row.getDouble(1) * 1000));
    }
  }

  /// Finishes the batches in hand and stops.
  @Override
  public void close() {
    closed = true;
    shards.forEach(RelayShard::stop);
    long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        threads.forEach(Thread::interrupt);
      }
    }
  }
}
