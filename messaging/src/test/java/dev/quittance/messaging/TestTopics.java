package dev.quittance.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.TopicReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The records of a topic, as words.
public final class TestTopics {

  private TestTopics() {}

  /// Every record's headers, with its value and key under these names.
  public static List<Map<String, String>> all(String topic) {
    return all(LocalKafka.shared().bootstrapServers(), topic);
  }

  public static List<Map<String, String>> all(String bootstrapServers, String topic) {
    return new TopicReader(bootstrapServers).all(topic).stream().map(TestTopics::fields).toList();
  }

  private static Map<String, String> fields(ConsumerRecord<byte[], byte[]> record) {
    var fields = new HashMap<String, String>();
    record.headers().forEach(header -> fields.put(header.key(), new String(header.value(), UTF_8)));
    fields.put("key", new String(record.key(), UTF_8));
    fields.put("value", record.value() == null ? "tombstone" : new String(record.value(), UTF_8));
    return fields;
  }
}
