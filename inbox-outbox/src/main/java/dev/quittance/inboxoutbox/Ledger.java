package dev.quittance.inboxoutbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Counts what was taken in, per partition and exactly once, however often a batch is repeated:
/// only offsets that were never counted are. Holding the partitions' rows also keeps a consumer
/// that lost its partitions without knowing it from working beside its successor.
final class Ledger {

  private static final String OPEN =
      """
      INSERT INTO intake_ledger AS ledger (topic, partition, first_offset, next_offset)
      SELECT topic, partition, first, first
        FROM unnest(?::text[], ?::int[], ?::bigint[]) AS batch (topic, partition, first)
       ORDER BY topic, partition
      ON CONFLICT (topic, partition) DO UPDATE SET next_offset = ledger.next_offset
      RETURNING topic, partition, next_offset
      """;

  private static final String CLOSE =
      """
      UPDATE intake_ledger AS ledger
         SET next_offset = batch.next_offset,
             applied     = ledger.applied + batch.applied,
             ignored     = ledger.ignored + batch.ignored,
             duplicate   = ledger.duplicate + batch.duplicate,
             dead        = ledger.dead + batch.dead,
             gaps        = ledger.gaps + batch.gaps
        FROM unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
          AS batch (topic, partition, next_offset, applied, ignored, duplicate, dead, gaps)
       WHERE ledger.topic = batch.topic AND ledger.partition = batch.partition
      """;

  private record Place(String topic, int partition) implements Comparable<Place> {
    static Place of(Incoming record) {
      return new Place(record.topic(), record.partition());
    }

    @Override
    public int compareTo(Place other) {
      int byTopic = topic.compareTo(other.topic);
      return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }
  }

  private static final class Count {
    private long next;
    private long applied;
    private long ignored;
    private long duplicate;
    private long dead;
    private long gaps;

    Count(long next) {
      this.next = next;
    }

    void add(long offset, Outcome outcome) {
      if (offset < next) {
        return;
      }
      gaps += offset - next;
      next = offset + 1;
      switch (outcome) {
        case Outcome.Applied() -> applied++;
        case Outcome.Ignored() -> ignored++;
        case Outcome.Duplicate() -> duplicate++;
        case Outcome.Dead _ -> dead++;
      }
    }
  }

  private final List<Incoming> records;
  private final Map<Place, Count> counts;

  private Ledger(List<Incoming> records, Map<Place, Count> counts) {
    this.records = records;
    this.counts = counts;
  }

  /// Locks the partitions' rows.
  static Ledger open(Connection transaction, List<Incoming> records) throws SQLException {
    var firsts = new TreeMap<Place, Long>();
    records.forEach(record -> firsts.merge(Place.of(record), record.offset(), Math::min));
    var counts = new TreeMap<Place, Count>();
    try (PreparedStatement statement = transaction.prepareStatement(OPEN)) {
      statement.setArray(1, text(transaction, firsts.keySet().stream().map(Place::topic)));
      statement.setArray(2, ints(transaction, firsts.keySet().stream().map(Place::partition)));
      statement.setArray(3, longs(transaction, firsts.values().stream()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          counts.put(new Place(rows.getString(1), rows.getInt(2)), new Count(rows.getLong(3)));
        }
      }
    }
    return new Ledger(records, counts);
  }

  /// Adds the batch's outcomes.
  void close(Connection transaction, List<Outcome> outcomes) throws SQLException {
    for (int i = 0; i < records.size(); i++) {
      Count count = counts.get(Place.of(records.get(i)));
      if (count == null) {
        throw new IllegalStateException("a partition without its row in the ledger");
      }
      count.add(records.get(i).offset(), outcomes.get(i));
    }
    try (PreparedStatement statement = transaction.prepareStatement(CLOSE)) {
      var all = counts.values();
      statement.setArray(1, text(transaction, counts.keySet().stream().map(Place::topic)));
      statement.setArray(2, ints(transaction, counts.keySet().stream().map(Place::partition)));
      statement.setArray(3, longs(transaction, all.stream().map(count -> count.next)));
      statement.setArray(4, longs(transaction, all.stream().map(count -> count.applied)));
      statement.setArray(5, longs(transaction, all.stream().map(count -> count.ignored)));
      statement.setArray(6, longs(transaction, all.stream().map(count -> count.duplicate)));
      statement.setArray(7, longs(transaction, all.stream().map(count -> count.dead)));
      statement.setArray(8, longs(transaction, all.stream().map(count -> count.gaps)));
      statement.executeUpdate();
    }
  }

  private static Array text(Connection transaction, Stream<String> values) throws SQLException {
    return transaction.createArrayOf("text", values.toArray(String[]::new));
  }

  private static Array ints(Connection transaction, Stream<Integer> values) throws SQLException {
    return transaction.createArrayOf("int4", values.toArray(Integer[]::new));
  }

  private static Array longs(Connection transaction, Stream<Long> values) throws SQLException {
    return transaction.createArrayOf("int8", values.toArray(Long[]::new));
  }
}
