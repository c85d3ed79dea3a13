package dev.quittance.messaging.inbox;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Counts what was taken in, per partition and exactly once, however often a batch is repeated:
/// only offsets that were never counted are. Holding the partitions' rows also keeps a consumer
/// that lost its partitions without knowing it from working beside its successor; on a partition
/// that was never read from, the claims of facts and the orders' locks alone keep their effects
/// apart.
final class Ledger {

  private static final String OPEN =
      """
      SELECT topic, partition, next_offset
        FROM intake_ledger
       WHERE (topic, partition) IN (SELECT * FROM unnest(?::text[], ?::int[]))
       ORDER BY topic, partition
         FOR UPDATE
      """;

  /// For partitions that were never read from. Whoever makes the row at the same time is waited
  /// for, and then it is theirs that counts.
  private static final String BEGIN =
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
    static Place of(IncomingRecord record) {
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

    void add(long offset, RecordOutcome outcome) {
      if (offset < next) {
        return;
      }
      gaps += offset - next;
      next = offset + 1;
      switch (outcome) {
        case RecordOutcome.Applied() -> applied++;
        case RecordOutcome.Ignored() -> ignored++;
        case RecordOutcome.Duplicate() -> duplicate++;
        case RecordOutcome.Dead _ -> dead++;
      }
    }
  }

  private final List<IncomingRecord> records;
  private final SortedMap<Place, Long> firsts;
  private final StatementPipeline.Answer<Map.Entry<Place, Count>> opened;

  private Ledger(
      List<IncomingRecord> records,
      SortedMap<Place, Long> firsts,
      StatementPipeline.Answer<Map.Entry<Place, Count>> opened) {
    this.records = records;
    this.firsts = firsts;
    this.opened = opened;
  }

  /// Locks the partitions' rows, before whatever is asked next. A partition that was never read
  /// from has none yet: it gets it when the batch is closed.
  static Ledger open(StatementPipeline pipeline, List<IncomingRecord> records) throws SQLException {
    var firsts = new TreeMap<Place, Long>();
    records.forEach(record -> firsts.merge(Place.of(record), record.offset(), Math::min));
    Parameters places =
        Parameters.none().rows(firsts.keySet()).text(Place::topic).ints(Place::partition).end();
    return new Ledger(records, firsts, pipeline.ask(OPEN, places, Ledger::counted));
  }

  /// Adds the batch's outcomes.
  void close(StatementPipeline pipeline, List<RecordOutcome> outcomes) throws SQLException {
    var counts = new TreeMap<Place, Count>();
    opened.rows().forEach(row -> counts.put(row.getKey(), row.getValue()));
    if (counts.size() < firsts.size()) {
      begin(pipeline, counts.keySet()).forEach(row -> counts.put(row.getKey(), row.getValue()));
    }
    for (int i = 0; i < records.size(); i++) {
      Count count = counts.get(Place.of(records.get(i)));
      if (count == null) {
        throw new IllegalStateException("a partition without its row in the ledger");
      }
      count.add(records.get(i).offset(), outcomes.get(i));
    }
    pipeline.write(
        CLOSE,
        Parameters.none()
            .rows(counts.entrySet())
            .text(entry -> entry.getKey().topic)
            .ints(entry -> entry.getKey().partition)
            .longs(entry -> entry.getValue().next)
            .longs(entry -> entry.getValue().applied)
            .longs(entry -> entry.getValue().ignored)
            .longs(entry -> entry.getValue().duplicate)
            .longs(entry -> entry.getValue().dead)
            .longs(entry -> entry.getValue().gaps)
            .end());
  }

  private List<Map.Entry<Place, Count>> begin(StatementPipeline pipeline, Set<Place> known)
      throws SQLException {
    return pipeline
        .ask(
            BEGIN,
            Parameters.none()
                .rows(
                    firsts.entrySet().stream()
                        .filter(entry -> !known.contains(entry.getKey()))
                        .toList())
                .text(entry -> entry.getKey().topic)
                .ints(entry -> entry.getKey().partition)
                .longs(Map.Entry::getValue)
                .end(),
            Ledger::counted)
        .rows();
  }

  private static Map.Entry<Place, Count> counted(ResultSet row) throws SQLException {
    return Map.entry(new Place(row.getString(1), row.getInt(2)), new Count(row.getLong(3)));
  }
}
