package dev.quittance.messaging.inbox;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Pause;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every now and then whether a group's ledger and its topics agree, for as long as the
/// service runs.
public final class ConservationWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConservationWatch.class);

  /// A mismatch doesn't go away by itself, so there is no hurry; one question to the brokers and
  /// one to the database a minute are nothing to either.
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Conservation conservation;
  private final Pause pause;
  private final Thread thread;
  private volatile Map<Topic, Long> mismatches = Map.of();
  private volatile boolean closed;

  /// @param kafka the brokers' address and whatever else a Kafka client needs here
  public ConservationWatch(
      ConsumerGroup group, DataSource database, Map<String, Object> kafka, Pause pause) {
    this.conservation = new Conservation(group, database, kafka);
    this.pause = pause;
    this.thread =
        Thread.ofVirtual().name(group.groupName() + "-conservation").unstarted(this::watch);
  }

  /// Starts watching.
  public void start() {
    thread.start();
  }

  /// By how many records ledger and topic differed at the last look; not a number while that is
  /// unknown.
  public double mismatch(Topic topic) {
    Long records = mismatches.get(topic);
    return records == null ? Double.NaN : records;
  }

  /// Whether somebody looks, or nobody should.
  public boolean alive() {
    return closed || thread.getState() == Thread.State.NEW || thread.isAlive();
  }

  private void watch() {
    try {
      while (!closed) {
        look();
        pause.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      mismatches = Map.of(); // what nobody looks at any more is unknown, and not well
    }
  }

  private void look() throws InterruptedException {
    try {
      mismatches = conservation.mismatches();
      mismatches.forEach((topic, records) -> {
        if (records > 0) {
          LOG.error("conservation.mismatch topic={} records={}", topic.topicName(), records);
        }
      });
    } catch (SQLException | RuntimeException | Error e) { // whatever it is: nobody else looks
      mismatches = Map.of();
      LOG.debug("conservation.unknown cause={}", e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    conservation.close();
  }
}
