package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/// The relay of one shard. It leads while it holds the shard's advisory lock, on the very
/// connection that it reads and deletes with: a relay that has lost its lock can do neither.
final class RelayShard implements Runnable {

  /// How often one that doesn't lead tries to: a rolling update hands over within this.
  static final Duration CANDIDATE = Duration.ofSeconds(1);

  private static final String LEAD = "SELECT pg_try_advisory_lock(hashtext(?), ?)";

  private final String service;
  private final int shard;
  private final DataSource database;
  private final Map<String, Object> kafka;
  private final Duration look;
  private final Backoff backoff;
  private final RelayObserver observer;
  private final News news = new News();
  private volatile boolean stopped;

  RelayShard(
      String service,
      int shard,
      DataSource database,
      Map<String, Object> kafka,
      Duration look,
      Backoff backoff,
      RelayObserver observer) {
    this.service = service;
    this.shard = shard;
    this.database = database;
    this.kafka = kafka;
    this.look = look;
    this.backoff = backoff;
    this.observer = observer;
  }

  String name() {
    return service + "-outbox-" + shard;
  }

  void wake(OrderId order) {
    news.of(order.value());
  }

  void stop() {
    stopped = true;
    news.end();
  }

  @Override
  public void run() {
    int failures = 0;
    while (!stopped) {
      try {
        if (candidate()) {
          failures = 0;
        }
      } catch (SQLException | RuntimeException | Error e) { // whatever it is: never give up
        observer.failing(shard, e);
        failures++;
        if (!paused(failures)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean paused(int failures) {
    try {
      backoff.before(failures);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// @return whether it led and did so without failing
  private boolean candidate() throws SQLException, InterruptedException {
    try (Connection connection = database.getConnection()) {
      if (!leads(connection)) {
        news.awaitEnd(CANDIDATE);
        return false;
      }
      try (ShardProducer producer = ShardProducer.open(name(), kafka)) {
        lead(connection, producer);
      } finally {
        release(connection);
      }
      return true;
    }
  }

  private void lead(Connection connection, ShardProducer producer)
      throws SQLException, InterruptedException {
    var detained = new Detained();
    news.ofAll();
    while (!stopped) {
      Set<String> orders = news.await(look);
      Set<String> except = detained.orders(System.nanoTime());
      orders.removeAll(except);
      List<Pending> rows =
          orders.isEmpty()
              ? Pending.next(connection, shard, except)
              : Pending.of(connection, shard, orders);
      if (rows.size() == Pending.ROWS_MAX) {
        news.ofAll(); // there may be more
      }
      if (!rows.isEmpty()) {
        publish(rows, connection, producer, detained);
      }
    }
  }

  /// Publishes rows in one transaction. When the brokers refuse one of them for what it is, each
  /// order is tried by itself, and the one to blame is detained with all its later rows.
  private void publish(
      List<Pending> rows, Connection connection, ShardProducer producer, Detained detained)
      throws SQLException {
    try {
      producer.publish(rows);
    } catch (RefusedRecord refused) {
      List<List<Pending>> byOrder = Pending.byOrder(rows);
      if (byOrder.size() > 1) {
        for (List<Pending> ofOneOrder : byOrder) {
          publish(ofOneOrder, connection, producer, detained);
        }
      } else {
        observer.failing(shard, refused);
        detained.add(rows.getFirst().order(), System.nanoTime());
      }
      return;
    }
    Pending.delete(connection, rows);
    observer.relayed(shard, rows.size());
  }

  private boolean leads(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LEAD)) {
      statement.setString(1, service);
      statement.setInt(2, shard);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private void release(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_unlock(hashtext(?), ?)")) {
      statement.setString(1, service);
      statement.setInt(2, shard);
      statement.execute();
    }
  }
}
