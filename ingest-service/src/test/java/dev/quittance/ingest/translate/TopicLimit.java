package dev.quittance.ingest.translate;

import static org.awaitility.Awaitility.await;

import dev.quittance.testkit.LocalKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A topic's `max.message.bytes` for as long as it is open.
final class TopicLimit implements AutoCloseable {

  private static final String SETTING = "max.message.bytes";

  private final LocalKafka kafka;
  private final ConfigResource topic;
  private final int bytes;

  TopicLimit(LocalKafka kafka, String topic, int bytes) {
    this.kafka = kafka;
    this.topic = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    this.bytes = bytes;
    alter(
        new AlterConfigOp(
            new ConfigEntry(SETTING, Integer.toString(bytes)), AlterConfigOp.OpType.SET));
  }

  /// Brokers learn of settings a moment later.
  void awaitItHolds() {
    var record = new ProducerRecord<byte[], byte[]>(topic.name(), new byte[bytes + 100]);
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    var uncompressed = new HashMap<>(client);
    try (var producer =
        new KafkaProducer<>(uncompressed, new ByteArraySerializer(), new ByteArraySerializer())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            try {
              producer.send(record).get();
              return false;
            } catch (ExecutionException e) {
              return true;
            }
          });
    }
  }

  private void alter(AlterConfigOp change) {
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    alter(new AlterConfigOp(new ConfigEntry(SETTING, ""), AlterConfigOp.OpType.DELETE));
  }
}
