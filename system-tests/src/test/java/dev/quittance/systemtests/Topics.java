package dev.quittance.systemtests;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.localstack.Deadline;
import dev.quittance.localstack.LocalKafka;
import dev.quittance.localstack.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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

  Topics(LocalKafka kafka) {
    this.kafka = kafka;
  }

  /// How far somebody has read a topic.
  static final class Place {
    private Map<TopicPartition, Long> next = Map.of();
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
    return CloudEvent.read(
        name -> {
          var header = found.headers().lastHeader(name);
          return header == null ? null : header.value();
        },
        found.value());
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
    var header = found.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  /// Waits until every reader has taken everything that has been written so far: what has not
  /// happened by then will not happen.
  void awaitDrained() {
    for (ConsumerGroup group : ConsumerGroup.values()) {
      for (Topic topic : group.reads()) {
        boolean drained = Deadline.in(PATIENCE).meets(() -> drained(group, topic));
        Assertions.assertThat(drained)
            .as("%s has read %s to its end", group.groupName(), topic.topicName())
            .isTrue();
      }
    }
  }

  private boolean drained(ConsumerGroup group, Topic topic) {
    var due = new HashMap<TopicPartition, Long>();
    for (var found : all(topic.topicName())) {
      due.put(new TopicPartition(found.topic(), found.partition()), found.offset() + 1);
    }
    Map<TopicPartition, OffsetAndMetadata> done = committed(group);
    return due.entrySet().stream()
        .allMatch(end -> {
          OffsetAndMetadata committed = done.get(end.getKey());
          return committed != null && committed.offset() >= end.getValue();
        });
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(ConsumerGroup group) {
    try (var admin = kafka.admin()) {
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
