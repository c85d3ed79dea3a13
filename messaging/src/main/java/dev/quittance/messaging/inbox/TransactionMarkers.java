package dev.quittance.messaging.inbox;

import dev.quittance.messaging.Pause;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits past the markers that transactions leave in a partition, and past aborted records. Each
/// takes an offset that no consumer is ever given, so that a group that commits "the last record
/// plus one" would lag by one for ever behind the last transaction of a quiet partition: to every
/// monitor a consumer that is stuck.
///
/// What is passed over is found by reading: from the committed offset to the end there is no
/// record. So nothing can be skipped that was or will be given to the group, whatever is under way
/// there. The ledger moves first, in a transaction of its own, and counts what it passes as gaps;
/// dying between the two is made up for by the next look.
public final class TransactionMarkers implements AutoCloseable {

  /// A member of the group: what runs work on the thread that polls with its consumer, and returns
  /// when it is done.
  @FunctionalInterface
  public interface Member {
    void run(Consumer<org.apache.kafka.clients.consumer.Consumer<?, ?>> work);
  }

  private static final Logger LOG = LoggerFactory.getLogger(TransactionMarkers.class);

  /// Whoever looks at a lag doesn't look again sooner; costs one question to the brokers.
  private static final Duration EVERY = Duration.ofSeconds(5);

  /// A read of what isn't there ends with the first answer; brokers that are silent so long are
  /// away.
  private static final Duration READ_MAX = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(100);

  private static final String MOVE =
      """
      INSERT INTO intake_ledger AS ledger (topic, partition, first_offset, next_offset, gaps)
      VALUES (?, ?::int, ?, ?, ?)
      ON CONFLICT (topic, partition) DO UPDATE
         SET next_offset = excluded.next_offset, gaps = ledger.gaps + excluded.next_offset - ledger.next_offset
       WHERE ledger.next_offset < excluded.next_offset
      """;

  private static final String NEXT =
      "SELECT next_offset FROM intake_ledger WHERE topic = ? AND partition = ?::int";

  private final DataSource database;
  private final Map<String, Object> settings;
  private final Iterable<Member> members;
  private final Pause pause;
  private final Thread thread;
  private volatile boolean closed;

  /// @param kafka the brokers' address and whatever else a Kafka client needs here
  /// @param members this process's members of the group, one for each topic that it reads; asked
  ///   for at each look
  public TransactionMarkers(
      DataSource database, Map<String, Object> kafka, Iterable<Member> members, Pause pause) {
    this.database = database;
    this.settings = new HashMap<>(kafka);
    this.members = members;
    this.pause = pause;
    settings.keySet().retainAll(ConsumerConfig.configNames());
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) READ_MAX.toMillis());
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) READ_MAX.toMillis());
    this.thread = Thread.ofVirtual().name("transaction-markers").unstarted(this::watch);
  }

  /// Starts looking.
  public void start() {
    thread.start();
  }

  /// Whether somebody looks, or nobody should.
  public boolean alive() {
    return closed || thread.getState() == Thread.State.NEW || thread.isAlive();
  }

  private void watch() {
    try {
      while (!closed) {
        pause.sleep(EVERY);
        try {
          look();
        } catch (SQLException | RuntimeException | Error e) { // whatever it is: nobody else looks
          LOG.debug("markers.unknown cause={}", e.getClass().getSimpleName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks once.
  ///
  /// @throws KafkaException when the brokers don't tell
  /// @throws SQLException when the database doesn't
  void look() throws SQLException {
    try (var reader =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (Member member : members) {
        Map<TopicPartition, Long> committed = committed(member);
        for (var passed : withoutRecords(reader, committed).entrySet()) {
          TopicPartition partition = passed.getKey();
          long from = committed.getOrDefault(partition, passed.getValue());
          if (moveLedger(partition, from, passed.getValue())) {
            commit(member, partition, from, passed.getValue());
          }
        }
      }
    }
  }

  /// Where the group goes on, of the partitions that this member has.
  private static Map<TopicPartition, Long> committed(Member member) {
    var committed = new HashMap<TopicPartition, Long>();
    member.run(consumer ->
        consumer
            .committed(consumer.assignment(), READ_MAX)
            .forEach((partition, offset) -> {
              if (offset != null) {
                committed.put(partition, offset.offset());
              }
            }));
    return committed;
  }

  /// Where reading ends of those partitions that have no record between the offset and their end,
  /// but do have something.
  private static Map<TopicPartition, Long> withoutRecords(
      KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> from) {
    Map<TopicPartition, Long> ends = reader.endOffsets(from.keySet());
    Set<TopicPartition> open = new HashSet<>();
    ends.forEach((partition, end) -> {
      if (end > from.getOrDefault(partition, end)) {
        open.add(partition);
      }
    });
    var passed = new HashMap<TopicPartition, Long>();
    long deadline = System.nanoTime() + READ_MAX.toNanos();
    reader.assign(open);
    open.forEach(partition -> reader.seek(partition, from.getOrDefault(partition, 0L)));
    while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
      try {
        open.removeAll(reader.poll(POLL).partitions());
      } catch (OffsetOutOfRangeException e) {
        // Its log begins behind the offset: where to go on is the group's to decide, and what was
        // deleted unread is no marker. The others are read on.
        open.removeAll(e.partitions());
        reader.assign(open);
        continue;
      }
      for (TopicPartition partition : Set.copyOf(open)) {
        long position = reader.position(partition);
        if (position >= ends.getOrDefault(partition, position)) {
          passed.put(partition, position);
          open.remove(partition);
        }
      }
      reader.assign(open); // those that stay keep their positions
    }
    return passed;
  }

  /// @return whether the ledger stands just there now
  private boolean moveLedger(TopicPartition partition, long from, long to) throws SQLException {
    try (Connection connection = database.getConnection()) {
      Sql.update(connection, MOVE, place(partition).number(from).number(to).number(to - from));
      return Sql.first(connection, NEXT, place(partition), row -> row.getLong(1))
          .filter(next -> next == to)
          .isPresent();
    }
  }

  private static Parameters place(TopicPartition partition) {
    return Parameters.none().text(partition.topic()).number(partition.partition());
  }

  /// Unless the group went on meanwhile: its own commits come from the same thread.
  private static void commit(Member member, TopicPartition partition, long from, long to) {
    member.run(consumer -> {
      OffsetAndMetadata now = consumer.committed(Set.of(partition), READ_MAX).get(partition);
      if (now != null && now.offset() == from && consumer.assignment().contains(partition)) {
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(to)), READ_MAX);
      }
    });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
