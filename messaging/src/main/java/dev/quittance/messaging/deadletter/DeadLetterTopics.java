package dev.quittance.messaging.deadletter;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads stretches of topics without being in any group. For one thread at a time.
final class DeadLetterTopics implements AutoCloseable {

  /// Brokers that are silent so long are away; people wait in front of it.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(200);

  /// What is held at a time; a partition's share is the client's default of 1 MiB.
  private static final int FETCH_BYTES_MAX = 16 * 1024 * 1024;

  private final Map<String, Object> settings;
  private @Nullable KafkaConsumer<byte[], byte[]> open;

  DeadLetterTopics(Map<String, Object> client) {
    settings = new HashMap<>(client);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_MAX.toMillis());
  }

  /// The partitions of those of the topics that there are.
  List<TopicPartition> partitions(Collection<String> topics) {
    Map<String, List<PartitionInfo>> all = asked(consumer -> consumer.listTopics(ANSWER_MAX));
    return topics.stream()
        .flatMap(topic -> all.getOrDefault(topic, List.of()).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /// How many partitions those of the topics have that there are.
  Map<String, Long> partitionCounts(Collection<String> topics) {
    return partitions(topics).stream()
        .collect(Collectors.groupingBy(TopicPartition::topic, Collectors.counting()));
  }

  Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
    return asked(consumer -> consumer.beginningOffsets(partitions, ANSWER_MAX));
  }

  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    return asked(consumer -> consumer.endOffsets(partitions, ANSWER_MAX));
  }

  /// Reads each partition from an offset to before another.
  void read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    var left = new HashMap<TopicPartition, Long>();
    from.forEach((partition, offset) -> {
      if (offset < Objects.requireNonNull(to.get(partition))) {
        left.put(partition, offset);
      }
    });
    asked(consumer -> {
      consumer.assign(left.keySet());
      left.forEach(consumer::seek);
      long heard = System.nanoTime();
      while (!left.isEmpty()) {
        var records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> found : records) {
          var partition = new TopicPartition(found.topic(), found.partition());
          if (found.offset() < Objects.requireNonNull(to.get(partition))) {
            reader.accept(found);
          }
        }
        boolean ended =
            left.keySet()
                .removeIf(partition ->
                    consumer.position(partition) >= Objects.requireNonNull(to.get(partition)));
        if (ended) {
          consumer.assign(left.keySet());
        }
        if (ended || !records.isEmpty()) {
          heard = System.nanoTime();
        } else if (System.nanoTime() - heard > ANSWER_MAX.toNanos()) {
          throw new BrokerUnavailable("The brokers don't hand out the dead letters");
        }
      }
      consumer.unsubscribe();
      return left;
    });
  }

  /// The records at these very places, as far as they are still there.
  Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> at(Collection<DeadLetterId> places) {
    var topics = places.stream().map(DeadLetterId::topic).collect(Collectors.toSet());
    var there = Set.copyOf(partitions(topics));
    var wanted = places.stream().filter(id -> there.contains(id.place())).toList();
    var partitions = wanted.stream().map(DeadLetterId::place).collect(Collectors.toSet());
    Map<TopicPartition, Long> beginnings = beginnings(partitions);
    Map<TopicPartition, Long> ends = ends(partitions);
    var from = new HashMap<TopicPartition, Long>();
    var to = new HashMap<TopicPartition, Long>();
    for (DeadLetterId id : wanted) {
      long beginning = Objects.requireNonNull(beginnings.get(id.place()));
      long end = Objects.requireNonNull(ends.get(id.place()));
      if (id.offset() >= beginning && id.offset() < end) {
        from.merge(id.place(), id.offset(), Math::min);
        to.merge(id.place(), id.offset() + 1, Math::max);
      }
    }
    var ids = Set.copyOf(wanted);
    var found = new HashMap<DeadLetterId, ConsumerRecord<byte[], byte[]>>();
    read(
        from,
        to,
        record -> {
          var id = new DeadLetterId(record.topic(), record.partition(), record.offset());
          if (ids.contains(id)) {
            found.put(id, record);
          }
        });
    return found;
  }

  /// Whatever the brokers don't answer costs the consumer: some faults a client never gets over.
  private <T> T asked(Function<KafkaConsumer<byte[], byte[]>, T> question) {
    try {
      KafkaConsumer<byte[], byte[]> consumer = open;
      if (consumer == null) {
        consumer =
            new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        open = consumer;
      }
      return question.apply(consumer);
    } catch (InterruptException e) {
      close();
      throw new BrokerUnavailable("Interrupted", e);
    } catch (KafkaException e) {
      close();
      throw new BrokerUnavailable(
          "The brokers don't answer (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  @Override
  public void close() {
    KafkaConsumer<byte[], byte[]> last = open;
    open = null;
    if (last != null) {
      last.close(CloseOptions.timeout(Duration.ZERO));
    }
  }
}
