package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A real broker for the commands, with two faults: [#MISSING] isn't there, and [#NARROW] has three
/// partitions.
final class CommandBroker {

  static final Topic MISSING = Topic.FULFILLMENT_ORDERS;
  static final Topic NARROW = Topic.RECEIPT_EVENTS;

  private static final LocalKafka KAFKA = started();

  private CommandBroker() {}

  private static LocalKafka started() {
    try {
      var kafka = LocalKafka.start(Files.createTempDirectory("quittance-commands"), 0);
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
      kafka.createTopics(
          Topic.all().stream()
              .filter(spec -> !spec.name().equals(MISSING.topicName()))
              .map(spec ->
                  spec.name().equals(NARROW.topicName())
                      ? new Topic.Spec(spec.name(), 3, spec.settings())
                      : spec)
              .toList());
      return kafka;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static String servers() {
    return KAFKA.bootstrapServers();
  }

  static void publish(List<ProducerRecord<byte[], byte[]>> records)
      throws ExecutionException, InterruptedException {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (var record : records) {
        producer.send(record).get();
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(
      String topic, String key, Map<String, String> headers, String value) {
    var record = new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8));
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    return record;
  }
}
