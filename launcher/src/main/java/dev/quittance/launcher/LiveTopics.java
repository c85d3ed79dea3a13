package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// What comes to topics, read beside all groups.
final class LiveTopics implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private static final int ANSWER_MS_MAX = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;

  private LiveTopics(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /// @param begin how far back; null for what comes from now on
  static LiveTopics open(Map<String, Object> client, List<String> topics, @Nullable Instant begin) {
    var settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
    try {
      var consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      var live = new LiveTopics(consumer);
      live.begin(topics, begin);
      return live;
    } catch (KafkaException e) {
      throw away(client, e);
    }
  }

  private void begin(List<String> topics, @Nullable Instant begin) {
    var all = consumer.listTopics();
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> all.getOrDefault(topic, List.of()).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new StackFault("There is no such topic at the brokers: ./quittance doctor says more.");
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // the end is looked up when it is asked for: now, not at the first poll
    partitions.forEach(consumer::position);
    if (begin != null) {
      consumer
          .offsetsForTimes(
              partitions.stream()
                  .collect(Collectors.toMap(partition -> partition, _ -> begin.toEpochMilli())))
          .forEach((partition, found) -> {
            if (found != null) {
              consumer.seek(partition, found.offset());
            }
          });
    }
  }

  private static StackFault away(Map<String, Object> client, KafkaException e) {
    return new NotReachable(
        "No broker answers at "
            + client.get("bootstrap.servers")
            + " ("
            + e.getClass().getSimpleName()
            + "): start it with ./quittance up",
        false,
        e);
  }

  Iterable<ConsumerRecord<byte[], byte[]>> next() {
    try {
      return consumer.poll(POLL);
    } catch (KafkaException e) {
      throw new StackFault("The brokers broke off (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
