package dev.quittance.chaos;

import dev.quittance.chaos.history.Entry;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.StackFault;
import dev.quittance.testkit.TopicReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What stands in the topics, and how far their readers are.
final class TopicOffsets {

  /// What the names of the groups start with that ask providers, one for each endpoint and kind.
  private static final String ASKING = ConsumerGroup.TRANSLATE.groupName() + "-retry";

  /// Who reads what, but for those that ask providers.
  private static final Map<String, List<String>> READERS = readers();

  private final LocalKafka kafka;

  TopicOffsets(LocalKafka kafka) {
    this.kafka = kafka;
  }

  private static Map<String, List<String>> readers() {
    var readers = new HashMap<String, List<String>>();
    for (ConsumerGroup group : ConsumerGroup.values()) {
      readers.put(group.groupName(), group.reads().stream().map(Topic::topicName).toList());
    }
    return readers;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// Reads a topic from its beginning to its present end, each partition in its order.
  void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    new TopicReader(kafka.bootstrapServers()).read(List.of(topic), Map.of(), reader);
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  /// One past the last record of a partition.
  long end(String topic, int partition) {
    try (var consumer = consumer()) {
      var one = new TopicPartition(topic, partition);
      Long end = consumer.endOffsets(List.of(one)).get(one);
      return end == null ? 0 : end;
    }
  }

  /// How far each group is in each partition that holds anything.
  List<Entry.Lag> lags() {
    var lags = new ArrayList<Entry.Lag>();
    try (var consumer = consumer();
        var admin = kafka.admin()) {
      var readers = new HashMap<>(READERS);
      for (GroupListing group : admin.listGroups().all().get()) {
        if (group.groupId().startsWith(ASKING)) {
          readers.put(group.groupId(), List.of(Topic.WEBHOOKS.retries(ConsumerGroup.TRANSLATE)));
        }
      }
      for (var group : readers.entrySet()) {
        Map<TopicPartition, OffsetAndMetadata> committed =
            admin.listConsumerGroupOffsets(group.getKey()).partitionsToOffsetAndMetadata().get();
        for (String topic : group.getValue()) {
          consumer
              .endOffsets(partitions(consumer, topic))
              .forEach((partition, end) -> {
                OffsetAndMetadata reached = committed.get(partition);
                if (end > 0) {
                  lags.add(
                      new Entry.Lag(
                          group.getKey(),
                          topic,
                          partition.partition(),
                          reached == null ? 0 : reached.offset(),
                          end));
                }
              });
        }
      }
    } catch (ExecutionException e) {
      throw new StackFault("The broker doesn't tell how far the readers are", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return lags;
  }
}
