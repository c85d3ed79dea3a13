package dev.quittance.chaos;

import dev.quittance.chaos.history.Entry;
import dev.quittance.chaos.load.Provider;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Waits until everything that was accepted has had its effects.
final class Drain {

  /// Leases of letters (40 s), back-off of look-ups (5 s) and letters (10 s) and sessions of dead
  /// consumers (10 s) add up to a minute; the rest is for a busy machine.
  private static final Duration MAX = Duration.ofMinutes(6);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Provider provider;
  private final Consumer<String> progress;

  Drain(Cluster cluster, Provider provider, Consumer<String> progress) {
    this.cluster = cluster;
    this.provider = provider;
    this.progress = progress;
  }

  /// Writes down what was still to be done when the time was over.
  void run(Consumer<Entry> history) throws InterruptedException {
    long began = System.nanoTime();
    Map<String, Long> left = left();
    for (long round = 1; !left.isEmpty(); round++) {
      if (System.nanoTime() - began > MAX.toNanos()) {
        left.forEach((work, count) -> history.accept(new Entry.Unsettled(work, count)));
        return;
      }
      if (round % 10 == 0) {
        progress.accept("draining: " + left);
      }
      Thread.sleep(PAUSE);
      left = left();
    }
  }

  private Map<String, Long> left() {
    var left = new TreeMap<String, Long>();
    left.put("webhooks to accept", provider.counts().sent() - provider.counts().accepted());
    for (Entry.Lag lag : new TopicOffsets(cluster.kafka()).lags()) {
      left.merge(
          "records of " + lag.topic() + " to " + lag.group(),
          lag.end() - lag.committed(),
          Long::sum);
    }
    left.put("states to publish", count("fulfillment", "SELECT count(*) FROM states_due"));
    left.put("rows of fulfillment's outbox", count("fulfillment", "SELECT count(*) FROM outbox"));
    left.put("rows of the receipts' outbox", count("receipts", "SELECT count(*) FROM outbox"));
    left.put(
        "receipts to send",
        count(
            "receipts",
            "SELECT count(*) FROM mails"
                + " WHERE kind <> 'code' AND status NOT IN ('sent', 'undeliverable', 'skipped')"));
    left.put(
        "orders to release, whose first is canceled",
        count(
            "fulfillment",
            "SELECT count(*) FROM orders JOIN orders AS first ON first.id = orders.duplicate_of"
                + " WHERE orders.fulfillment_status = 'on_hold'"
                + " AND first.fulfillment_status = 'canceled'"));
    left.values().removeIf(count -> count == 0);
    return left;
  }

  private long count(String database, String query) {
    try (var connection = DriverManager.getConnection(cluster.database(database));
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
