package dev.quittance.bench.measure;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Fills topics and counts what is on them.
final class Broker implements AutoCloseable {

  /// Whoever fills has no hurry and likes large batches.
  private static final int LINGER_MS = 5;

  private static final int BATCH_BYTES = 256 * 1024;

  private final Admin admin;
  private final Producer<byte[], byte[]> producer;

  Broker(LocalKafka kafka) {
    admin = kafka.admin();
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.LINGER_MS_CONFIG,
            LINGER_MS,
            ProducerConfig.BATCH_SIZE_CONFIG,
            BATCH_BYTES,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4");
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// How many records were ever written to the topic, all partitions together.
  long written(Topic topic) throws InterruptedException, ExecutionException {
    var partitions =
        IntStream.range(0, Topic.PARTITIONS)
            .mapToObj(number -> new TopicPartition(topic.topicName(), number))
            .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
    return admin.listOffsets(partitions).all().get().values().stream()
        .mapToLong(offset -> offset.offset())
        .sum();
  }

  /// Writes records and returns when all of them are safe.
  void fill(Stream<ProducerRecord<byte[], byte[]>> records) {
    var failure = new AtomicReference<@Nullable Exception>();
    records.forEach(one -> send(one, failure));
    producer.flush();
    Exception fault = failure.get();
    if (fault != null) {
      throw new IllegalStateException("the topic could not be filled", fault);
    }
  }

  private void send(
      ProducerRecord<byte[], byte[]> one, AtomicReference<@Nullable Exception> failure) {
    var _ =
        producer.send(
            one,
            (_, fault) -> {
              if (fault != null) {
                failure.set(fault);
              }
            });
  }

  /// The records of so many checkouts.
  void fill(Canonical canonical, String run, long first, int count) {
    fill(LongStream.range(first, first + count).boxed().flatMap(n -> canonical.records(run, n)));
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
