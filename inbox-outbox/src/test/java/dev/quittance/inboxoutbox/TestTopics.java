package dev.quittance.inboxoutbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.localstack.LocalKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads topics from the beginning to what is their end now.
final class TestTopics {

  private TestTopics() {}

  /// Every record's headers, with its value and key under these names.
  static List<Map<String, String>> all(String topic) {
    return all(LocalKafka.shared().bootstrapServers(), topic);
  }

  static List<Map<String, String>> all(String bootstrapServers, String topic) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      var all = new ArrayList<Map<String, String>>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> all.add(fields(record)));
      }
      return all;
    }
  }

  private static Map<String, String> fields(ConsumerRecord<byte[], byte[]> record) {
    var fields = new HashMap<String, String>();
    record.headers().forEach(header -> fields.put(header.key(), new String(header.value(), UTF_8)));
    fields.put("key", new String(record.key(), UTF_8));
    fields.put("value", record.value() == null ? "tombstone" : new String(record.value(), UTF_8));
    return fields;
  }
}
