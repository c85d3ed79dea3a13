package dev.quittance.messaging.inbox;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Compares what a group has acknowledged, what its ledger has counted, and what there is. In each
/// partition the ledger's end stands between the other two; where the lag is zero the three are
/// one, and everything that was accepted is applied, ignored, duplicate or dead, to the record.
final class Conservation implements AutoCloseable {

  /// Brokers that are silent so long are away, and nothing is known.
  private static final int ANSWER_MS_MAX = 10_000;

  private final ConsumerGroup group;
  private final DataSource database;
  private final Admin admin;

  Conservation(ConsumerGroup group, DataSource database, Map<String, Object> kafka) {
    this.group = group;
    this.database = database;
    var settings = new HashMap<>(kafka);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
    this.admin = Admin.create(settings);
  }

  /// By how many records ledger and topic differ, per topic that the group reads: records that were
  /// acknowledged and never counted, and records that were counted and never were.
  ///
  /// Reads the lowest of the three first, so that what happens meanwhile makes no difference.
  ///
  /// @throws KafkaException when the brokers don't tell
  /// @throws SQLException when the database doesn't
  Map<Topic, Long> mismatches() throws SQLException, InterruptedException {
    Map<TopicPartition, Long> acknowledged = acknowledged();
    Map<TopicPartition, Long> counted = counted();
    Predicate<TopicPartition> known = counted::containsKey;
    Map<TopicPartition, Long> beginnings =
        offsets(
            acknowledged.keySet().stream().filter(known.negate()).toList(), OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(List.copyOf(counted.keySet()), OffsetSpec.latest());
    var mismatches = new TreeMap<Topic, Long>();
    group.reads().forEach(topic -> mismatches.put(topic, 0L));
    acknowledged.forEach((partition, offset) -> {
      long next = counted.getOrDefault(partition, beginnings.getOrDefault(partition, offset));
      add(mismatches, partition, offset - next);
    });
    counted.forEach(
        (partition, next) -> add(mismatches, partition, next - ends.getOrDefault(partition, next)));
    return mismatches;
  }

  private void add(Map<Topic, Long> mismatches, TopicPartition partition, long records) {
    if (records > 0) {
      group.reads().stream()
          .filter(topic -> topic.topicName().equals(partition.topic()))
          .forEach(topic -> mismatches.merge(topic, records, Long::sum));
    }
  }

  private Map<TopicPartition, Long> acknowledged() throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group.groupName()).partitionsToOffsetAndMetadata().get();
      return committed.entrySet().stream()
          .filter(entry -> entry.getValue() != null && reads(entry.getKey().topic()))
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    }
  }

  private boolean reads(String name) {
    return group.reads().stream().anyMatch(topic -> topic.topicName().equals(name));
  }

  private Map<TopicPartition, Long> counted() throws SQLException {
    var counted = new HashMap<TopicPartition, Long>();
    List<Map.Entry<TopicPartition, Long>> ledger =
        Sql.query(
            database,
            "SELECT topic, partition, next_offset FROM intake_ledger",
            Parameters.none(),
            row -> Map.entry(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3)));
    for (Map.Entry<TopicPartition, Long> counts : ledger) {
      if (reads(counts.getKey().topic())) {
        counted.put(counts.getKey(), counts.getValue());
      }
    }
    return counted;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    try {
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> which)))
          .all()
          .get()
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
