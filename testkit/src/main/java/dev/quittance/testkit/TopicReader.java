package dev.quittance.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What stands in the topics now, as a reader of committed records sees it.
///
/// The end of a partition is the end of what was written, not of what is readable yet: brokers
/// acknowledge a transaction before they write its markers, and the end that a reader of committed
/// records is told stays behind until they have. Whoever read to that one could miss what a
/// producer knows to be committed.
public final class TopicReader {

  /// Longer than a broker needs to end the transaction of a producer that was killed.
  private static final Duration READ_MAX = Duration.ofMinutes(3);

  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrapServers;

  public TopicReader(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /// All records of the topic, those of a partition in their order.
  public List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    read(List.of(topic), Map.of(), records::add);
    return records;
  }

  /// Reads topics to their ends.
  ///
  /// @param from where to begin; partitions that aren't named are read from their beginning
  /// @return the ends, to begin with the next time
  /// @throws StackFault when the ends aren't reached within three minutes
  public Map<TopicPartition, Long> read(
      Collection<String> topics,
      Map<TopicPartition, Long> from,
      Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    Map<TopicPartition, Long> ends = ends(topics);
    if (ends.entrySet().stream()
        .allMatch(end -> from.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
      return ends;
    }
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      from.forEach(consumer::seek);
      var deadline = Deadline.in(READ_MAX);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (deadline.passed()) {
          throw new StackFault(String.join(", ", topics) + " could not be read to the end");
        }
        consumer.poll(POLL).forEach(reader);
      }
    }
    return ends;
  }

  /// One past the last record that each partition was given.
  private Map<TopicPartition, Long> ends(Collection<String> topics) {
    try (var admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      var latest = new HashMap<TopicPartition, OffsetSpec>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get()
          .forEach((topic, described) ->
              described.partitions().stream()
                  .map(partition -> new TopicPartition(topic, partition.partition()))
                  .forEach(partition -> latest.put(partition, OffsetSpec.latest())));
      return admin.listOffsets(latest).all().get().entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    } catch (ExecutionException e) {
      throw new StackFault("The brokers don't say where " + topics + " end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while asking for the ends of topics", e);
    }
  }
}
