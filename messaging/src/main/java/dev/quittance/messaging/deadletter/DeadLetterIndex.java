package dev.quittance.messaging.deadletter;

import dev.quittance.messaging.deadletter.StoredDeadLetter.Settled;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What stands on the dead-letter topics, without the contents. Reads everything once and then only
/// what is new. For one thread at a time.
final class DeadLetterIndex {

  /// The newest first.
  static final Comparator<StoredDeadLetter> ORDER =
      Comparator.comparing(StoredDeadLetter::at).thenComparing(StoredDeadLetter::id).reversed();

  private final Collection<String> topics;
  private final int lettersMax;
  private final Map<TopicPartition, NavigableMap<Long, StoredDeadLetter>> letters = new HashMap<>();
  private final Map<DeadLetterId, Settled> markers = new HashMap<>();
  private final Map<TopicPartition, Long> read = new HashMap<>();
  private long forgotten;

  /// @param lettersMax how many are held at most
  DeadLetterIndex(Collection<String> topics, int lettersMax) {
    this.topics = topics;
    this.lettersMax = lettersMax;
  }

  void refresh(DeadLetterTopics reader) {
    readNew(reader);
    if (forgotten > 0 && all().stream().filter(StoredDeadLetter::open).count() < lettersMax / 2) {
      // what was forgotten for want of room has room now, as it is known by now what is settled
      letters.clear();
      read.clear();
      forgotten = 0;
      readNew(reader);
    }
  }

  private void readNew(DeadLetterTopics reader) {
    List<TopicPartition> partitions = reader.partitions(topics);
    letters.keySet().retainAll(partitions);
    read.keySet().retainAll(partitions);
    Map<TopicPartition, Long> beginnings = reader.beginnings(partitions);
    markers
        .keySet()
        .removeIf(id -> id.offset() < beginnings.getOrDefault(id.place(), Long.MAX_VALUE));
    Map<TopicPartition, Long> ends = reader.ends(partitions);
    var from = new HashMap<TopicPartition, Long>();
    for (TopicPartition partition : partitions) {
      long beginning = Objects.requireNonNull(beginnings.get(partition));
      long end = Objects.requireNonNull(ends.get(partition));
      long next = read.getOrDefault(partition, 0L);
      if (next > end) {
        // the topic was made anew
        letters.remove(partition);
        markers.keySet().removeIf(id -> id.place().equals(partition));
        next = 0;
      }
      of(partition).headMap(beginning).clear();
      from.put(partition, Math.max(next, beginning));
    }
    reader.read(from, ends, this::add);
    read.putAll(ends);
  }

  private NavigableMap<Long, StoredDeadLetter> of(TopicPartition partition) {
    return letters.computeIfAbsent(partition, _ -> new TreeMap<>());
  }

  private void add(ConsumerRecord<byte[], byte[]> found) {
    var partition = new TopicPartition(found.topic(), found.partition());
    if (DeadLetterFormat.isMarker(found)) {
      DeadLetterFormat.settles(found)
          .ifPresent(offset ->
              settle(
                  new DeadLetterId(partition.topic(), partition.partition(), offset),
                  DeadLetterFormat.settled(found)));
      return;
    }
    StoredDeadLetter letter = DeadLetterFormat.letter(found);
    Settled settled = markers.get(letter.id());
    of(partition).put(found.offset(), settled == null ? letter : letter.settled(settled));
    if (size() > lettersMax + lettersMax / 10) {
      trim();
    }
  }

  /// Settled ones go first, then the oldest.
  private void trim() {
    List<StoredDeadLetter> surplus =
        all().stream()
            .sorted(Comparator.comparing(StoredDeadLetter::open).thenComparing(ORDER.reversed()))
            .limit(size() - lettersMax)
            .toList();
    for (StoredDeadLetter letter : surplus) {
      of(letter.id().place()).remove(letter.id().offset());
      forgotten += letter.open() ? 1 : 0;
    }
  }

  private int size() {
    return letters.values().stream().mapToInt(Map::size).sum();
  }

  private List<StoredDeadLetter> all() {
    return letters.values().stream().flatMap(some -> some.values().stream()).toList();
  }

  /// The first word counts.
  void settle(DeadLetterId id, Settled settled) {
    Settled first = markers.computeIfAbsent(id, _ -> settled);
    var _ = of(id.place()).computeIfPresent(id.offset(), (_, letter) -> letter.settled(first));
  }

  Optional<StoredDeadLetter> find(DeadLetterId id) {
    return Optional.ofNullable(of(id.place()).get(id.offset()));
  }

  /// Those that the filter takes, the newest first.
  List<StoredDeadLetter> taken(DeadLetterFilter filter) {
    return all().stream().filter(filter::takes).sorted(ORDER).toList();
  }

  long forgotten() {
    return forgotten;
  }
}
