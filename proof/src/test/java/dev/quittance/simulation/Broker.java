package dev.quittance.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Topics, consumer groups and producers, with transactions and without, as far as the pipeline can
/// tell them from Kafka's.
final class Broker {

  /// Enough that a rebalance moves some and leaves some.
  static final int PARTITIONS = 2;

  /// The brokers didn't answer, or said no; whether a record was taken is not known.
  static final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    Trouble(String message) {
      super(message, null, false, false);
    }
  }

  /// Another has taken over.
  static final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1;

    Fenced() {
      super("fenced", null, false, false);
    }
  }

  private enum Fate {
    OPEN,
    COMMITTED,
    ABORTED
  }

  private static final class Tx {
    private Fate fate = Fate.OPEN;
  }

  /// A record where it lies.
  ///
  /// @param tx shared by the records of one transaction
  /// @param serial counts the records of all topics
  private record Entry(String key, Object value, Tx tx, long serial) {}

  /// A record as a consumer gets it.
  record Delivered(String topic, int partition, long offset, String key, Object value) {}

  /// A record that its sender has given up, and that arrives all the same.
  private static final int LATE_MS_MAX = 500;

  private final World world;
  private final Map<String, List<List<Entry>>> topics = new TreeMap<>();
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Map<String, Tx> open = new HashMap<>();
  private final Map<String, Group> groups = new TreeMap<>();
  private final List<Outgoing> late = new ArrayList<>();
  private long serial;

  Broker(World world) {
    this.world = world;
  }

  private List<Entry> log(String topic, int partition) {
    return topics
        .computeIfAbsent(
            topic,
            _ -> {
              var partitions = new ArrayList<List<Entry>>();
              for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new ArrayList<>());
              }
              return partitions;
            })
        .get(partition);
  }

  private static int partitionOf(String key) {
    return Math.floorMod(key.hashCode(), PARTITIONS);
  }

  private void put(String topic, String key, Object value, Tx tx) {
    log(topic, partitionOf(key)).add(new Entry(key, value, tx, ++serial));
  }

  private void put(Outgoing record) {
    var tx = new Tx();
    tx.fate = Fate.COMMITTED;
    put(record.topic(), record.key(), record.value(), tx);
  }

  /// A producer without transactions: returns when the record is safe.
  ///
  /// @throws Trouble when it may be, or not
  void append(Strand strand, String topic, String key, Object value) {
    strand.step("send to " + topic);
    if (world.mishap(15)) {
      throw new Trouble("not sent");
    }
    var tx = new Tx();
    tx.fate = Fate.COMMITTED;
    put(topic, key, value, tx);
    strand.step("sent to " + topic);
    if (world.mishap(15)) {
      throw new Trouble("sent, but the answer was lost");
    }
  }

  /// A producer without transactions that sends records one after another, and nothing after what
  /// failed. That one is there, or isn't, or comes later, whoever goes on meanwhile.
  void send(Strand strand, List<Outgoing> records) {
    for (Outgoing record : records) {
      strand.step("send to " + record.topic());
      if (world.mishap(60)) {
        throw new Trouble("not sent");
      }
      if (world.mishap(60)) {
        late.add(record);
        throw new Trouble("under way");
      }
      put(record);
      strand.step("sent to " + record.topic());
      if (world.mishap(60)) {
        throw new Trouble("sent, but the answer was lost");
      }
    }
  }

  /// What is under way arrives some time.
  void network(Host host) {
    host.spawn(
        "network",
        strand -> {
          while (true) {
            strand.await(() -> !late.isEmpty());
            strand.awaitUntil(() -> false, world.now() + world.below(LATE_MS_MAX));
            put(late.remove(world.below(late.size())));
          }
        });
  }

  /// Where among the records of all topics one lies.
  long serial(Delivered record) {
    return log(record.topic(), record.partition()).get((int) record.offset()).serial;
  }

  /// Opens the producer of a transactional id: whoever had it is fenced off, and what they left
  /// open is aborted.
  Producer open(Strand strand, String id) {
    strand.step("initTransactions " + id);
    int epoch = epochs.merge(id, 1, Integer::sum);
    Tx left = open.remove(id);
    if (left != null) {
      left.fate = Fate.ABORTED;
    }
    return new Producer(id, epoch);
  }

  final class Producer {
    private final String id;
    private final int epoch;

    private Producer(String id, int epoch) {
      this.id = id;
      this.epoch = epoch;
    }

    private void check() {
      if (epochs.getOrDefault(id, 0) != epoch) {
        throw new Fenced();
      }
    }

    /// Publishes in one transaction.
    ///
    /// @param fenced false for a producer that nobody fences: a planted mistake
    void publish(Strand strand, List<Outgoing> records, boolean fenced) {
      var tx = new Tx();
      if (fenced) {
        check();
        open.put(id, tx);
      } else {
        tx.fate = Fate.COMMITTED;
      }
      for (Outgoing record : records) {
        if (fenced) {
          check();
        }
        put(record.topic(), record.key(), record.value(), tx);
        strand.step("sent to " + record.topic());
        if (world.mishap(60)) {
          abort(tx);
          throw new Trouble("a send failed");
        }
      }
      if (fenced) {
        check();
        tx.fate = Fate.COMMITTED;
        open.remove(id, tx);
      }
      strand.step("transaction committed");
      if (world.mishap(25)) {
        throw new Trouble("committed, but the answer was lost");
      }
    }

    private void abort(Tx tx) {
      if (tx.fate == Fate.OPEN) {
        tx.fate = Fate.ABORTED;
        open.remove(id, tx);
      }
    }
  }

  record Outgoing(String topic, String key, Object value) {}

  /// All records of a topic that a reader of committed records sees, partition by partition.
  List<Delivered> committed(String topic) {
    return read(topic, true);
  }

  /// All records of a topic that a reader of everything sees, those of failed transactions too.
  List<Delivered> everything(String topic) {
    return read(topic, false);
  }

  private List<Delivered> read(String topic, boolean committedOnly) {
    var records = new ArrayList<Delivered>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      List<Entry> entries = log(topic, partition);
      for (int offset = 0; offset < entries.size(); offset++) {
        Entry entry = entries.get(offset);
        if (!committedOnly || entry.tx.fate == Fate.COMMITTED) {
          records.add(new Delivered(topic, partition, offset, entry.key, entry.value));
        }
      }
    }
    return records;
  }

  long end(String topic, int partition) {
    return log(topic, partition).size();
  }

  Group group(String name) {
    return groups.computeIfAbsent(name, _ -> new Group());
  }

  /// Takes a member out of its group although it lives: it has been silent for too long.
  void expelSomebody() {
    List<Group> candidates = groups.values().stream().filter(g -> g.members.size() > 1).toList();
    if (!candidates.isEmpty()) {
      Group group = candidates.get(world.below(candidates.size()));
      group.leave(group.members.get(world.below(group.members.size())));
    }
  }

  /// A consumer group: its members share the partitions, and its offsets outlive them.
  final class Group {
    private final List<Consumer> members = new ArrayList<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private int generation;

    /// Joins with a subscription to one topic.
    Consumer join(Host host, String topic) {
      var consumer = new Consumer(this, topic);
      enter(consumer);
      host.onDeath(() -> leave(consumer));
      return consumer;
    }

    private void enter(Consumer consumer) {
      members.add(consumer);
      generation++;
    }

    private void leave(Consumer consumer) {
      if (members.remove(consumer)) {
        generation++;
      }
    }

    private boolean owns(Consumer consumer, int partition) {
      List<Consumer> readers =
          members.stream().filter(m -> m.topic.equals(consumer.topic)).toList();
      return !readers.isEmpty() && readers.get(partition % readers.size()) == consumer;
    }

    /// Everybody begins at the beginning again.
    void startAgain() {
      offsets.clear();
      generation++;
    }

    long committed(String topic, int partition) {
      return offsets.getOrDefault(topic + "/" + partition, 0L);
    }
  }

  final class Consumer {
    private final Group group;
    private final String topic;
    private final long[] positions = new long[PARTITIONS];
    private int generation = -1;

    private Consumer(Group group, String topic) {
      this.group = group;
      this.topic = topic;
    }

    /// Waits for records of the partitions that it owns, and gives at most so many.
    List<Delivered> poll(Strand strand, int most) {
      strand.step("poll " + topic);
      while (true) {
        rejoin();
        List<Delivered> batch = next(most);
        if (!batch.isEmpty()) {
          return batch;
        }
        strand.await(this::hasNews);
      }
    }

    private boolean hasNews() {
      return generation != group.generation || !next(1).isEmpty();
    }

    private void rejoin() {
      if (!group.members.contains(this)) {
        group.enter(this);
      }
      if (generation != group.generation) {
        generation = group.generation;
        Arrays.setAll(positions, partition -> group.committed(topic, partition));
      }
    }

    private List<Delivered> next(int most) {
      var batch = new ArrayList<Delivered>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        if (!group.owns(this, partition)) {
          continue;
        }
        List<Entry> entries = log(topic, partition);
        for (long at = positions[partition]; at < entries.size() && batch.size() < most; at++) {
          Entry entry = entries.get((int) at);
          if (entry.tx.fate == Fate.OPEN) {
            break;
          }
          if (entry.tx.fate == Fate.COMMITTED) {
            batch.add(new Delivered(topic, partition, at, entry.key, entry.value));
          }
        }
      }
      return batch;
    }

    /// Commits the offsets after a batch; refused when the partitions have moved on meanwhile.
    void commit(Strand strand, List<Delivered> batch) {
      strand.step("commit offsets of " + topic);
      if (generation != group.generation || !group.members.contains(this)) {
        return;
      }
      for (Delivered record : batch) {
        positions[record.partition()] =
            Math.max(positions[record.partition()], record.offset() + 1);
        group.offsets.merge(
            topic + "/" + record.partition(), record.offset() + 1, (a, b) -> Math.max(a, b));
      }
      strand.step("offsets of " + topic + " committed");
    }
  }
}
