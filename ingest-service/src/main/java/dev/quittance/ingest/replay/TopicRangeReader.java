package dev.quittance.ingest.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/// Reads a range of the verbatim topic, outside of any group. For one thread at a time.
final class TopicRangeReader implements AutoCloseable {

  /// Small enough that progress shows and a stop is prompt, large enough for the producer's
  /// batches.
  static final int BATCH_MAX = 200;

  /// By how much the clocks of the pods that wrote the topic may differ: a record's time is its
  /// writer's, so that later records may be older.
  private static final Duration SKEW_MAX = Duration.ofMinutes(1);

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ReplayRange range;
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final long total;

  /// @param endpoints the names of all there are
  /// @throws NoAnswer when the brokers don't answer
  TopicRangeReader(Map<String, Object> client, ReplayRange range, Collection<String> endpoints)
      throws InterruptedException {
    this.range = range;
    var settings = new HashMap<>(client);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "quittance-replay");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH_MAX);
    consumer =
        answered(() ->
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    try {
      total = answered(() -> seek(partitions(endpoints)));
    } catch (InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// An event's key says which partition it is in.
  private Set<TopicPartition> partitions(Collection<String> endpoints) {
    String topic = Topic.WEBHOOKS.topicName();
    var all =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toSet());
    if (range.event() == null) {
      return all;
    }
    Collection<String> from = range.endpoint() == null ? endpoints : List.of(range.endpoint());
    return from.stream()
        .map(endpoint -> (endpoint + ":" + range.event()).getBytes(UTF_8))
        .map(key -> Utils.toPositive(Utils.murmur2(key)) % all.size())
        .map(partition -> new TopicPartition(topic, partition))
        .collect(Collectors.toSet());
  }

  private long seek(Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndTimestamp> from = at(partitions, range.from());
    Map<TopicPartition, OffsetAndTimestamp> to = at(partitions, range.to().plus(SKEW_MAX));
    Map<TopicPartition, Long> newest = consumer.endOffsets(partitions);
    long records = 0;
    var begins = new HashMap<TopicPartition, Long>();
    for (TopicPartition partition : partitions) {
      // without an answer there is nothing that young
      long end =
          to.get(partition) == null
              ? Objects.requireNonNull(newest.get(partition))
              : to.get(partition).offset();
      if (from.get(partition) != null && from.get(partition).offset() < end) {
        begins.put(partition, from.get(partition).offset());
        ends.put(partition, end);
        records += end - from.get(partition).offset();
      }
    }
    consumer.assign(begins.keySet());
    begins.forEach(consumer::seek);
    return records;
  }

  private Map<TopicPartition, OffsetAndTimestamp> at(
      Set<TopicPartition> partitions, Instant moment) {
    return consumer.offsetsForTimes(
        partitions.stream()
            .collect(Collectors.toMap(partition -> partition, _ -> moment.toEpochMilli())));
  }

  /// How many records there are to look at; those in between that aren't in the range included.
  long total() {
    return total;
  }

  /// @param read how many were looked at
  /// @param matching those of them that are in the range
  record Part(long read, List<ConsumerRecord<byte[], byte[]>> matching) {}

  /// The brokers don't answer. The message is the kind of their client's fault.
  static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoAnswer(KafkaException cause) {
      super(cause.getClass().getSimpleName(), cause);
    }
  }

  private static <T> T answered(Supplier<T> question) throws InterruptedException {
    try {
      return question.get();
    } catch (InterruptException e) {
      // the client sets the thread's flag as it throws; the exception takes its place
      Thread.interrupted();
      var interrupted = new InterruptedException("ended before the brokers' answer");
      interrupted.initCause(e);
      throw interrupted;
    } catch (KafkaException e) {
      throw new NoAnswer(e);
    }
  }

  boolean ended() {
    return ends.isEmpty();
  }

  /// The next few; possibly none yet.
  ///
  /// @throws NoAnswer when the brokers don't answer
  Part next() throws InterruptedException {
    return answered(this::poll);
  }

  private Part poll() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    var matching = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    long read = 0;
    for (ConsumerRecord<byte[], byte[]> found : records) {
      Long end = ends.get(new TopicPartition(found.topic(), found.partition()));
      if (end != null && found.offset() < end) {
        read++;
        if (matches(found)) {
          matching.add(found);
        }
      }
    }
    if (ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue())) {
      consumer.assign(ends.keySet());
    }
    return new Part(read, matching);
  }

  private boolean matches(ConsumerRecord<byte[], byte[]> found) {
    var at = Instant.ofEpochMilli(found.timestamp());
    if (at.isBefore(range.from()) || !at.isBefore(range.to())) {
      return false;
    }
    if (range.endpoint() == null && range.event() == null) {
      return true;
    }
    try {
      Webhook webhook = VerbatimRecord.read(found);
      return (range.endpoint() == null || range.endpoint().equals(webhook.endpoint()))
          && (range.event() == null || range.event().equals(webhook.eventId()));
    } catch (UnreadableEvent _) {
      return false;
    }
  }

  /// An interruption waits meanwhile: the client would take it for an error of its own, and log it.
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      consumer.close();
    } catch (KafkaException e) {
      throw new NoAnswer(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
