package dev.quittance.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A subscriber that notes when each order was first due.
final class DueWatch implements AutoCloseable {
  private static final String REQUESTED = "dev.quittance.fulfillment.requested.v1";
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Map<String, Long> due = new ConcurrentHashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private volatile boolean over;

  DueWatch(BenchStack stage) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.kafka().bootstrapServers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        IntStream.range(0, Topic.PARTITIONS)
            .mapToObj(n -> new TopicPartition(Topic.FULFILLMENT_EVENTS.topicName(), n))
            .toList());
    thread = Thread.ofPlatform().name("subscriber").start(this::listen);
  }

  /// When each order was first due, by [System#nanoTime].
  Map<String, Long> due() {
    return due;
  }

  /// How many requests it has made of the brokers: they are no part of what a payment costs.
  long requests() {
    return consumer.metrics().values().stream()
        .filter(metric ->
            metric.metricName().name().equals("request-total")
                && metric.metricName().group().equals("consumer-metrics"))
        .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
        .sum();
  }

  private void listen() {
    while (!over) {
      consumer
          .poll(POLL)
          .forEach(one -> {
            Header type = one.headers().lastHeader("ce_type");
            if (type != null && new String(type.value(), UTF_8).equals(REQUESTED)) {
              var _ = due.putIfAbsent(new String(one.key(), UTF_8), System.nanoTime());
            }
          });
    }
    consumer.close();
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
