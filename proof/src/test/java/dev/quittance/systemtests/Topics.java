package dev.quittance.systemtests;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.kafka.KafkaHeaders;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/// What stands in the topics, and how far its readers are.
final class Topics {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final LocalKafka kafka;

  private final Map<Topic, Ends> known = new EnumMap<>(Topic.class);

  Topics(LocalKafka kafka) {
    this.kafka = kafka;
  }

  /// How far somebody has read a topic.
  static final class Place {
    private Map<TopicPartition, Long> next = Map.of();
  }

  /// Behind the last records of a topic that were seen so far. The log's own ends won't do: behind
  /// a transaction they lie where no record is.
  private static final class Ends {
    private final Place place = new Place();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    boolean moved(List<ConsumerRecord<byte[], byte[]>> more) {
      for (var found : more) {
        next.put(new TopicPartition(found.topic(), found.partition()), found.offset() + 1);
      }
      return !more.isEmpty();
    }

    boolean reachedBy(Map<TopicPartition, OffsetAndMetadata> committed) {
      return next.entrySet().stream()
          .allMatch(end -> {
            OffsetAndMetadata of = committed.get(end.getKey());
            return of != null && of.offset() >= end.getValue();
          });
    }
  }

  /// All records of the topic, those of a partition in their order.
  List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    return since(topic, new Place());
  }

  /// The records of the topic that have come since then, and moves the place to the end.
  List<ConsumerRecord<byte[], byte[]>> since(String topic, Place place) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    place.next =
        new TopicReader(kafka.bootstrapServers()).read(List.of(topic), place.next, records::add);
    return records;
  }

  /// The records of one order.
  List<ConsumerRecord<byte[], byte[]>> of(Topic topic, String order) {
    return all(topic.topicName()).stream()
        .filter(found -> new String(found.key(), StandardCharsets.UTF_8).equals(order))
        .toList();
  }

  /// The event types of one order, in their order.
  List<String> types(Topic topic, String order) {
    return of(topic, order).stream().map(found -> header(found, "ce_type")).toList();
  }

  /// The record as the event that it is.
  static CloudEvent event(ConsumerRecord<byte[], byte[]> found) {
    return CloudEvent.read(name -> KafkaHeaders.value(found.headers(), name), found.value());
  }

  /// Has a group begin with what comes from now on.
  void skipToEnd(String group, Topic topic) throws ExecutionException, InterruptedException {
    try (var admin = kafka.admin()) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
        latest.put(new TopicPartition(topic.topicName(), partition), OffsetSpec.latest());
      }
      var ends = new HashMap<TopicPartition, OffsetAndMetadata>();
      admin
          .listOffsets(latest)
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
      admin.alterConsumerGroupOffsets(group, ends).all().get();
    }
  }

  static @Nullable String header(ConsumerRecord<byte[], byte[]> found, String name) {
    return KafkaHeaders.text(found.headers(), name);
  }

  /// Waits until every reader has taken everything that has been written so far: what has not
  /// happened by then will not happen.
  void awaitDrained() {
    try (var admin = kafka.admin()) {
      for (ConsumerGroup group : ConsumerGroup.values()) {
        for (Topic topic : group.reads()) {
          boolean drained = Deadline.in(PATIENCE).meets(() -> drained(admin, group, topic));
          Assertions.assertThat(drained)
              .as("%s has read %s to its end", group.groupName(), topic.topicName())
              .isTrue();
        }
      }
    }
  }

  /// A topic is read on only where the group has dealt with all of it that is known: asking for
  /// offsets is cheap, reading isn't.
  private boolean drained(Admin admin, ConsumerGroup group, Topic topic) {
    Ends ends = known.computeIfAbsent(topic, _ -> new Ends());
    return ends.reachedBy(committed(admin, group))
        && !ends.moved(since(topic.topicName(), ends.place));
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Admin admin, ConsumerGroup group) {
    try {
      return admin
          .listConsumerGroupOffsets(group.groupName())
          .partitionsToOffsetAndMetadata()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
