package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads topics from where they ended when it was made, as an outsider without a group would.
public final class TopicReader implements AutoCloseable {

  private static final Duration WAIT_MAX = Duration.ofMinutes(3);

  private final KafkaConsumer<byte[], byte[]> consumer;

  public TopicReader(String bootstrapServers, String... topics) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Stream.of(topics)
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /// The next records.
  ///
  /// @throws AssertionError when there are fewer for three minutes
  public List<ConsumerRecord<byte[], byte[]>> next(int count) {
    return next(count, _ -> true);
  }

  /// The next records that are wanted; the others, of other tests, are passed over.
  ///
  /// @throws AssertionError when there are fewer for three minutes
  public List<ConsumerRecord<byte[], byte[]>> next(
      int count, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    long deadline = System.nanoTime() + WAIT_MAX.toNanos();
    while (records.size() < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("only " + records.size() + " of " + count + " records came");
      }
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(found -> {
            if (wanted.test(found)) {
              records.add(found);
            }
          });
    }
    return records;
  }

  /// What comes within a moment: to show that nothing does.
  public List<ConsumerRecord<byte[], byte[]>> withinAMoment() {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    consumer.poll(Duration.ofMillis(500)).forEach(records::add);
    return records;
  }

  /// Those events whose ids begin with one of these.
  public static Predicate<ConsumerRecord<byte[], byte[]>> named(String... prefixes) {
    return found ->
        found.headers().lastHeader("ce_id") != null
            && Stream.of(prefixes).anyMatch(header(found, "ce_id")::startsWith);
  }

  /// A header's text.
  public static String header(ConsumerRecord<byte[], byte[]> incoming, String name) {
    return new String(
        Objects.requireNonNull(incoming.headers().lastHeader(name), name).value(), UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
