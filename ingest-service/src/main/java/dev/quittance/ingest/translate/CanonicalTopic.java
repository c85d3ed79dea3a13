package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.deadletters.RecordRefusal;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes what was translated, and returns only when every in-sync replica has all of it. A
/// broker that is away is waited for, without limit: nothing is skipped, and whoever waits holds no
/// acknowledgement yet. A broker that refuses a record for what it is, is not: it would refuse it
/// for ever.
///
/// For one thread at a time.
final class CanonicalTopic implements AutoCloseable {

  /// After the n-th failure in a row: 0.2 s, 0.4 s, 0.8 s … up to 5 s, so that a restarted broker
  /// is found soon and a missing one isn't stormed.
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);

  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(CanonicalTopic.class);

  private final Supplier<? extends Producer<byte[], byte[]>> producers;
  private final Runnable onRetry;
  private @Nullable Producer<byte[], byte[]> producer;

  /// @param producers opens a producer with `acks=all`; called again after a failure, because a
  ///   producer may not outlive a fatal one
  /// @param onRetry told of every failed attempt
  CanonicalTopic(Supplier<? extends Producer<byte[], byte[]>> producers, Runnable onRetry) {
    this.producers = producers;
    this.onRetry = onRetry;
  }

  /// A producer for it: idempotent, acknowledged by every in-sync replica, and batching, so that a
  /// filled topic drains at the broker's pace.
  ///
  /// @param client how to reach and authenticate at the brokers
  /// @param id what the brokers call it in their logs and metrics
  static Producer<byte[], byte[]> producer(Map<String, Object> client, String id) {
    var settings = new HashMap<>(client);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, id);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // A batch is sent as a whole and flushed: nothing is gained by waiting for more.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, batchBytes(client));
    // Short, because whoever publishes tries again anyway, and tells so by a metric.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// A batch that is larger than a topic takes is split by the client into batches of the same
  /// size, for ever: so none may be. Asked anew with every producer, that is after every failure.
  private static int batchBytes(Map<String, Object> client) {
    var settings = new HashMap<>(client);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, LIMITS_MS_MAX);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, LIMITS_MS_MAX);
    List<ConfigResource> topics =
        Stream.of(
                Topic.PAYMENT_EVENTS.topicName(),
                Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE),
                Parked.TOPIC)
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    try (var admin = Admin.create(settings)) {
      return admin.describeConfigs(topics).all().get().values().stream()
          .map(config -> config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
          .filter(Objects::nonNull)
          .map(ConfigEntry::value)
          .mapToInt(Integer::parseInt)
          .reduce(BATCH_BYTES, Math::min);
    } catch (ExecutionException | KafkaException e) {
      LOG.debugf("publish.limits_unknown error=%s", e.getClass().getName());
      return BATCH_BYTES;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return BATCH_BYTES;
    }
  }

  /// Brokers that are silent so long are away.
  private static final int LIMITS_MS_MAX = 5_000;

  /// Some fifty events: larger ones gain little and wait longer for their slowest part.
  private static final int BATCH_BYTES = 128 * 1024;

  /// Publishes records, in their order per key.
  ///
  /// After a failure all of them are sent again: readers know the repeated ones by their ids.
  ///
  /// @return those that the brokers refuse for what they are, however often they are sent; all
  ///   others are safe
  /// @throws InterruptedException when the service stops before all are safe
  Set<ProducerRecord<byte[], byte[]>> publish(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    Set<ProducerRecord<byte[], byte[]>> refused =
        Collections.newSetFromMap(new IdentityHashMap<>());
    Duration pause = PAUSE_FIRST;
    while (!attempt(records, refused)) {
      pauseAfterFailure(pause);
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
    }
    return refused;
  }

  /// For whoever can do nothing but try once more.
  void pauseAfterFailure() throws InterruptedException {
    pauseAfterFailure(PAUSE_MAX);
  }

  private void pauseAfterFailure(Duration pause) throws InterruptedException {
    onRetry.run();
    Thread.sleep(pause);
  }

  /// @param refused which are not sent, and to which is added what is refused for ever
  /// @return whether all others are safe
  private boolean attempt(
      List<ProducerRecord<byte[], byte[]>> records, Set<ProducerRecord<byte[], byte[]>> refused)
      throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> sent =
        records.stream().filter(record -> !refused.contains(record)).toList();
    if (sent.isEmpty()) {
      return true;
    }
    try {
      Producer<byte[], byte[]> open = open();
      // by callbacks, because the future of a record whose batch is split again and again nests
      // until asking it overflows the stack
      Map<ProducerRecord<byte[], byte[]>, Exception> faults =
          Collections.synchronizedMap(new IdentityHashMap<>());
      for (ProducerRecord<byte[], byte[]> record : sent) {
        var _ =
            open.send(
                record,
                (_, fault) -> {
                  if (fault != null) {
                    faults.put(record, fault);
                  }
                });
      }
      open.flush();
      @Nullable Exception first = null;
      for (var failed : faults.entrySet()) {
        if (RecordRefusal.isForever(failed.getValue())) {
          refused.add(failed.getKey());
        } else {
          first = failed.getValue();
        }
      }
      if (first != null) {
        failed(first, sent.size());
      }
      return first == null;
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | IllegalStateException e) {
      failed(e, sent.size());
      return false;
    }
  }

  /// The client sets the thread's flag as it throws; the exception takes its place.
  private static InterruptedException interrupted(KafkaException e) {
    Thread.interrupted();
    var interrupted = new InterruptedException("stopped before the acknowledgement");
    interrupted.initCause(e);
    return interrupted;
  }

  private void failed(Throwable cause, int records) {
    LOG.warnf(
        "publish.failed records=%d error=%s: trying again", records, cause.getClass().getName());
    close();
  }

  private Producer<byte[], byte[]> open() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      open = producers.get();
      producer = open;
    }
    return open;
  }

  /// Gives up what is not acknowledged yet.
  @Override
  public void close() {
    Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
