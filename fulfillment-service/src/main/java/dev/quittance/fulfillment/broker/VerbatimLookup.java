package dev.quittance.fulfillment.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Topic;
import dev.quittance.messaging.kafka.KafkaHeaders;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/// Finds what a provider said, byte for byte, by its key and about when it came. A topic has no
/// index by key, so a stretch of its partition is looked through, never all of it.
@ApplicationScoped
public class VerbatimLookup {

  /// Somebody waits for it.
  private static final Duration LOOK_MAX = Duration.ofSeconds(6);

  /// A stretch of 20,000 webhooks in one of twelve partitions: an hour at 60 a second.
  private static final int RECORDS_MAX = 20_000;

  /// Clocks differ, and a record counts here a moment after it was written there.
  private static final Duration BEFORE = Duration.ofMinutes(2);

  private static final Duration AFTER = Duration.ofMinutes(1);

  private static final Duration POLL = Duration.ofMillis(250);

  private final Map<String, Object> settings;

  VerbatimLookup(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    settings = new HashMap<>(kafka);
    settings.keySet().retainAll(ConsumerConfig.configNames());
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "quittance-console");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(LOOK_MAX.toMillis()));
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(LOOK_MAX.toMillis()));
  }

  /// What is looked for.
  ///
  /// @param key as on the topic, `{endpoint}:{event id}`
  /// @param about when it came, as nearly as is known
  public record Wanted(String key, Instant about) {}

  /// What was found.
  ///
  /// @param at when the edge wrote it
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Found(
      String key, int partition, long offset, Instant at, String origin, byte[] body) {

    @Override
    public String toString() {
      return "Found[" + key + "]";
    }
  }

  /// Those that are still there, by their keys. What isn't found in the time, or in the stretch
  /// that is looked through, is missing.
  ///
  /// @throws BrokersAway when they don't answer
  public Map<String, Found> find(List<Wanted> wanted) throws BrokersUnavailable {
    var found = new HashMap<String, Found>();
    long deadline = System.nanoTime() + LOOK_MAX.toNanos();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      int partitions = consumer.partitionsFor(Topic.WEBHOOKS.topicName()).size();
      for (Wanted one : wanted) {
        if (System.nanoTime() < deadline && partitions > 0) {
          find(consumer, one, partitions, deadline).ifPresent(it -> found.put(one.key(), it));
        }
      }
      return found;
    } catch (KafkaException e) {
      throw new BrokersUnavailable(e);
    }
  }

  private static Optional<Found> find(
      Consumer<byte[], byte[]> consumer, Wanted wanted, int partitions, long deadline) {
    byte[] key = wanted.key().getBytes(UTF_8);
    // as the producer's own partitioner has it
    var place =
        new TopicPartition(
            Topic.WEBHOOKS.topicName(), Utils.toPositive(Utils.murmur2(key)) % partitions);
    long from = wanted.about().minus(BEFORE).toEpochMilli();
    long to = wanted.about().plus(AFTER).toEpochMilli();
    OffsetAndTimestamp start = consumer.offsetsForTimes(Map.of(place, from)).get(place);
    if (start == null) {
      return Optional.empty();
    }
    long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
    consumer.assign(List.of(place));
    consumer.seek(place, start.offset());
    int seen = 0;
    while (consumer.position(place) < end && seen < RECORDS_MAX && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        seen++;
        if (Arrays.equals(record.key(), key)) {
          return Optional.of(found(wanted.key(), record));
        }
        if (record.timestamp() > to) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Found found(String key, ConsumerRecord<byte[], byte[]> record) {
    byte[] body = record.value();
    return new Found(
        key,
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        header(record, "ce_origin"),
        body == null ? new byte[0] : body);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Objects.requireNonNullElse(KafkaHeaders.text(record.headers(), name), "");
  }
}
