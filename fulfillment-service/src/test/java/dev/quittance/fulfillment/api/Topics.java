package dev.quittance.fulfillment.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The topics as somebody outside the service writes and reads them.
public final class Topics implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();

  public Topics(String bootstrapServers, String... read) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            new HashMap<>(
                Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "group.id",
                    "test-" + UUID.randomUUID(),
                    "auto.offset.reset",
                    "earliest",
                    "isolation.level",
                    "read_committed")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(read));
  }

  public void publish(Topic topic, CloudEvent event) {
    var record =
        new ProducerRecord<>(
            topic.topicName(), event.subject().value().getBytes(UTF_8), event.data());
    event.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    send(record);
  }

  void publishRaw(Topic topic, String key, byte @Nullable [] value) {
    send(new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value));
  }

  void publishRaw(Topic topic, String key, Map<String, byte[]> headers, byte @Nullable [] value) {
    var record = new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value);
    headers.forEach(record.headers()::add);
    send(record);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What was read so far, a little more included, that matches.
  List<ConsumerRecord<byte[], byte[]>> read(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    consumer.poll(POLL).forEach(seen::add);
    return seen.stream().filter(wanted).toList();
  }

  /// What was told about an order, `{ce_sequence} {ce_type}`.
  List<String> told(Topic topic, OrderId order) {
    return read(record ->
            record.topic().equals(topic.topicName())
                && new String(record.key(), UTF_8).equals(order.value()))
        .stream()
        .map(record -> header(record, "ce_sequence") + " " + header(record, "ce_type"))
        .toList();
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
